using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// What nothing ever searches for in an endpoint, as JSON in one column, so that a new property
/// needs no migration. Spans are in ticks, times in milliseconds.
/// </summary>
internal sealed record EndpointDocument(
    string Url,
    string? Description,
    IReadOnlyList<string> EventTypes,
    IReadOnlyList<EndpointDocument.Header> Headers,
    IReadOnlyList<EndpointDocument.Secret> Secrets,
    IReadOnlyList<long>? RetryWaitTicks,
    long? TimeoutTicks,
    double? RateLimitPerSecond,
    int? MaxInFlight,
    bool Disabled,
    int? DisabledReason,
    long CreatedMs,
    long UpdatedMs
)
{
    internal sealed record Header(string Name, int Version, ReadOnlyMemory<byte> Bytes);

    internal sealed record Secret(int Version, ReadOnlyMemory<byte> Bytes, long? ExpiresMs);

    public static byte[] Write(Endpoint endpoint) =>
        JsonSerializer.SerializeToUtf8Bytes(
            From(endpoint),
            EndpointDocumentJson.Default.EndpointDocument
        );

    public static EndpointDocument Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, EndpointDocumentJson.Default.EndpointDocument)
        ?? throw new InvalidDataException("An endpoint's document is null.");

    /// <summary>The endpoint, of the document and what stands in columns of its own.</summary>
    public Endpoint ToEndpoint(
        EndpointKey key,
        int version,
        BacklogAction backlogAction,
        DateTimeOffset? failingSince,
        DateTimeOffset? deletedAt
    ) =>
        new()
        {
            Key = key,
            Version = version,
            Url = Url,
            Description = Description,
            EventTypes = ReadFilter(),
            Headers =
            [
                .. Headers.Select(each => new SealedHeader(
                    each.Name,
                    new SealedValue(each.Version, each.Bytes)
                )),
            ],
            Secrets =
            [
                .. Secrets.Select(each => new EndpointSecret(
                    new SealedValue(each.Version, each.Bytes),
                    each.ExpiresMs is { } ms ? Times.FromMs(ms) : null
                )),
            ],
            RetrySchedule = ReadSchedule(),
            Timeout = TimeoutTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null,
            RateLimitPerSecond = RateLimitPerSecond,
            MaxInFlight = MaxInFlight,
            Disabled = Disabled,
            DisabledReason = (ReasonCode?)DisabledReason,
            FailingSince = failingSince,
            BacklogAction = backlogAction,
            CreatedAt = Times.FromMs(CreatedMs),
            UpdatedAt = Times.FromMs(UpdatedMs),
            DeletedAt = deletedAt,
        };

    private static EndpointDocument From(Endpoint endpoint) =>
        new(
            endpoint.Url,
            endpoint.Description,
            endpoint.EventTypes.Patterns,
            [
                .. endpoint.Headers.Select(each => new Header(
                    each.Name,
                    each.Value.Version,
                    each.Value.Bytes
                )),
            ],
            [
                .. endpoint.Secrets.Select(each => new Secret(
                    each.Value.Version,
                    each.Value.Bytes,
                    each.ExpiresAt.ToMs()
                )),
            ],
            endpoint.RetrySchedule?.Waits.Select(wait => wait.Ticks).ToArray(),
            endpoint.Timeout?.Ticks,
            endpoint.RateLimitPerSecond,
            endpoint.MaxInFlight,
            endpoint.Disabled,
            (int?)endpoint.DisabledReason,
            endpoint.CreatedAt.ToMs(),
            endpoint.UpdatedAt.ToMs()
        );

    private EventTypeFilter ReadFilter() =>
        EventTypes.Count == 0
            ? EventTypeFilter.All
            : EventTypeFilter.Parse(EventTypes, out var fault)
                ?? throw new InvalidDataException(fault);

    private RetrySchedule? ReadSchedule() =>
        RetryWaitTicks is null
            ? null
            : Core.RetrySchedule.Create(
                [.. RetryWaitTicks.Select(TimeSpan.FromTicks)],
                out var fault
            ) ?? throw new InvalidDataException(fault);
}
