using System.Text;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Something that a user wants delivered, however often it has to be posted for that.</summary>
internal sealed class Post(int number, TenantId tenant, string? key, string? type)
{
    public int Number { get; } = number;

    public TenantId Tenant { get; } = tenant;

    public string? Key { get; } = key;

    public string? Type { get; } = type;

    /// <summary>A body that no other post has.</summary>
    public byte[] Body { get; } = Encoding.UTF8.GetBytes($"{{\"n\":{number}}}");

    /// <summary>How often it was posted.</summary>
    public int Tries { get; set; }

    /// <summary>The events that answers of success named, with where they go.</summary>
    public List<(EventId Event, IReadOnlyList<EndpointId> Endpoints)> Answers { get; } = [];

    /// <summary>When the first of them came.</summary>
    public TimeSpan AnsweredAt { get; set; }
}
