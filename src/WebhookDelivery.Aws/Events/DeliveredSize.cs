using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using Field = WebhookDelivery.Aws.EventsTable.DeliveryField;

namespace WebhookDelivery.Aws;

/// <summary>How much of a response the item of a DELIVERED delivery has room for, in one write unit.</summary>
internal static class DeliveredSize
{
    private const int BytesMax = 1024;

    /// <summary>`tenant#31`: the partition may have a shard's number.</summary>
    private const int ShardBytesMax = 3;

    /// <summary>
    /// The bytes that are free for excerpt and headers, their names included. What the write does not know it takes for the worst: a
    /// delivery that was attempted before has a full list, 9,999 attempts and entries as long as this.
    /// </summary>
    public static int ResponseRoom(Attempt attempt, byte[] entry)
    {
        var first = attempt is { Generation: 1, Number: 1 };
        var key = attempt.Key;
        var anyTime = (attempt.StartedAt.ToUnixTimeMilliseconds() | 1).ToAttribute();
        var entries = Enumerable.Repeat(
            new AttributeValue { B = new MemoryStream(entry) },
            first ? 1 : AttemptWrites.LogMax
        );
        var item = ItemKeys.Of(key.TenantId.Value, key);
        item.Put(Field.Status, DeliveryStatus.Delivered.ToCode().ToAttribute());
        item.Put(Field.Generation, attempt.Generation.ToAttribute());
        item.Put(Field.GenerationAttempts, attempt.Number.ToAttribute());
        item.Put(Field.Attempts, (first ? 1 : 9999).ToAttribute());
        item.Put(Field.LastAttemptAt, anyTime);
        item.Put(Field.LastStatusCode, (attempt.Outcome.StatusCode ?? 999).ToAttribute());
        item.Put(Field.LastReason, attempt.Outcome.Reason.ToCode().ToAttribute());
        item.Put(Field.UpdatedAt, anyTime);
        item.Put(EventsTable.Ttl, anyTime);
        item.Put(Field.Log, new AttributeValue { L = [.. entries] });
        return BytesMax - ItemSize.Of(item) - ShardBytesMax;
    }

    /// <summary>As much of the excerpt as fits, then as many headers as fit behind it.</summary>
    /// <param name="excerpt">The excerpt.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="room">What <see cref="ResponseRoom"/> says; below zero is none.</param>
    public static (ReadOnlyMemory<byte> Excerpt, ResponseHeaders Headers) Fit(
        ReadOnlyMemory<byte> excerpt,
        ResponseHeaders headers,
        int room
    )
    {
        if (!excerpt.IsEmpty)
        {
            room -= Field.Excerpt.Length;
            excerpt = excerpt[..Math.Clamp(room, 0, excerpt.Length)];
            room -= excerpt.Length;
        }

        return (excerpt, headers.Within(room - Field.Headers.Length));
    }
}
