using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// Payloads that are too large for their items, under `tenant/evt_…`. An object is written before its
/// event and deleted before it. Thread-safe.
/// </summary>
internal sealed class PayloadBucket(IAmazonS3 s3, AwsEngineOptions options)
{
    /// <summary>Writes an event's payload. Idempotent.</summary>
    public Task PutAsync(Event @event, CancellationToken cancellationToken) =>
        CallAsync(
            token =>
                s3.PutObjectAsync(
                    new PutObjectRequest
                    {
                        BucketName = options.PayloadBucket,
                        Key = Key(@event.TenantId, @event.Id),
                        InputStream = new MemoryStream(@event.Payload.ToArray()),
                        ContentType = "application/json",
                        UseChunkEncoding = false,
                    },
                    token
                ),
            cancellationToken
        );

    /// <summary>Reads a payload; null if it is not there.</summary>
    public Task<ReadOnlyMemory<byte>?> FindAsync(
        TenantId tenant,
        EventId eventId,
        CancellationToken cancellationToken
    ) =>
        CallAsync<ReadOnlyMemory<byte>?>(
            async token =>
            {
                try
                {
                    using var answer = await s3.GetObjectAsync(
                        options.PayloadBucket,
                        Key(tenant, eventId),
                        token
                    );
                    using var bytes = new MemoryStream((int)answer.ContentLength);
                    await answer.ResponseStream.CopyToAsync(bytes, token);
                    return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
                }
                catch (AmazonS3Exception exception)
                    when (exception.ErrorCode is "NoSuchKey" || IsMissing(exception))
                {
                    return null;
                }
            },
            cancellationToken
        );

    /// <summary>
    /// Makes a payload young again: the bucket deletes objects by their age, and this one's event is
    /// to be kept longer. Nothing to do where it is gone.
    /// </summary>
    public Task RenewAsync(TenantId tenant, EventId eventId, CancellationToken cancellationToken) =>
        CallAsync(
            async token =>
            {
                try
                {
                    var request = new CopyObjectRequest
                    {
                        SourceBucket = options.PayloadBucket,
                        SourceKey = Key(tenant, eventId),
                        DestinationBucket = options.PayloadBucket,
                        DestinationKey = Key(tenant, eventId),
                        // S3 copies an object onto itself only if something changes.
                        MetadataDirective = S3MetadataDirective.REPLACE,
                        ContentType = "application/json",
                    };
                    await s3.CopyObjectAsync(request, token);
                    return true;
                }
                catch (AmazonS3Exception exception)
                    when (exception.ErrorCode is "NoSuchKey" || IsMissing(exception))
                {
                    return false;
                }
            },
            cancellationToken
        );

    /// <summary>Deletes payloads, whether they are there or not; at most 1,000.</summary>
    public Task DeleteAsync(
        IEnumerable<(TenantId Tenant, EventId EventId)> events,
        CancellationToken cancellationToken
    ) => DeleteAsync([.. events.Select(each => Key(each.Tenant, each.EventId))], cancellationToken);

    /// <summary>Deletes all that is left of a tenant, such as a payload whose event was never written.</summary>
    public async Task DeleteAllAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await CallAsync(
                token =>
                    s3.ListObjectsV2Async(
                        new ListObjectsV2Request
                        {
                            BucketName = options.PayloadBucket,
                            Prefix = $"{tenant}/",
                        },
                        token
                    ),
                cancellationToken
            );
            if (page.S3Objects is not { Count: > 0 } found)
            {
                return;
            }

            await DeleteAsync([.. found.Select(each => each.Key)], cancellationToken);
        }
    }

    private async Task DeleteAsync(List<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return;
        }

        await CallAsync(
            token =>
                s3.DeleteObjectsAsync(
                    new DeleteObjectsRequest
                    {
                        BucketName = options.PayloadBucket,
                        Objects = [.. keys.Select(key => new KeyVersion { Key = key })],
                    },
                    token
                ),
            cancellationToken
        );
    }

    private static bool IsMissing(AmazonS3Exception exception) =>
        exception.StatusCode == HttpStatusCode.NotFound
        && exception.ErrorCode is not "NoSuchBucket";

    private static string Key(TenantId tenant, EventId eventId) => $"{tenant}/{eventId}";

    private static Task<T> CallAsync<T>(
        Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken
    ) => AwsFaults.CallAsync("S3", call, cancellationToken);
}
