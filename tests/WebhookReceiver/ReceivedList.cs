using System.Text;

namespace WebhookReceiver;

/// <summary>What was received, the last 10,000, and a console line for each.</summary>
internal sealed class ReceivedList(TimeProvider timeProvider)
{
    private const int DeliveriesMax = 10_000;
    private const int ExcerptBytesMax = 512;

    private readonly Lock _lock = new();
    private readonly Queue<ReceivedDelivery> _deliveries = new();

    public IReadOnlyList<ReceivedDelivery> Snapshot()
    {
        lock (_lock)
        {
            return [.. _deliveries];
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _deliveries.Clear();
        }
    }

    public void Add(
        string id,
        string? type,
        int? attempt,
        bool duplicate,
        string verified,
        int? answered,
        ReadOnlySpan<byte> body
    )
    {
        var excerpt = Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptBytesMax)]);
        var delivery = new ReceivedDelivery(
            id,
            type,
            attempt,
            timeProvider.GetUtcNow(),
            duplicate,
            verified,
            answered,
            body.Length,
            excerpt
        );
        lock (_lock)
        {
            _deliveries.Enqueue(delivery);
            if (_deliveries.Count > DeliveriesMax)
            {
                _deliveries.Dequeue();
            }

            Console.WriteLine(Line(delivery));
        }
    }

    private static string Line(ReceivedDelivery delivery)
    {
        var answered = delivery.Answered is { } status ? $"{status}" : "hang";
        var duplicate = delivery.Duplicate ? "  DUPLICATE" : "";
        var id = delivery.Id.Length == 0 ? "(no id)" : delivery.Id;
        var type = delivery.Type ?? "(no type)";
        return $"{delivery.ReceivedAt:HH:mm:ss}  {answered}  {id}  {type}"
            + $"  attempt {delivery.Attempt?.ToString() ?? "?"}"
            + $"  {delivery.Verified}  {delivery.BodyBytes} B{duplicate}";
    }
}
