namespace WebhookDelivery.Benchmarks;

/// <summary>A tenant that a stage is set up with.</summary>
/// <param name="Id">Its id; its endpoints' receivers are named after it.</param>
/// <param name="Endpoints">How many endpoints it has, each of which gets every event.</param>
/// <param name="Queued">Deliveries that wait at the beginning; a multiple of the endpoints.</param>
internal sealed record StageTenant(string Id, int Endpoints, int Queued)
{
    /// <summary>Most attempts at once of each endpoint; null: the server's default.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>The deadline of an attempt; null: the server's default.</summary>
    public double? TimeoutSeconds { get; init; }

    public IEnumerable<string> Receivers => Enumerable.Range(1, Endpoints).Select(Receiver);

    /// <summary>The name of an endpoint's receiver.</summary>
    /// <param name="number">From 1.</param>
    public string Receiver(int number) => $"{Id}-{number}";
}
