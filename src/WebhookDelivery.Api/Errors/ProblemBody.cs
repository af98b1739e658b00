using System.Text.Json.Serialization;

namespace WebhookDelivery.Api;

/// <summary>An error as the API shows it (RFC 9457).</summary>
internal sealed record ProblemBody
{
    /// <summary>Identifies the kind of error; as stable as the code.</summary>
    public required string Type { get; init; }

    /// <summary>What this kind of error means.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What is wrong this time, in a sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary>The kind of error, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The faults of the request, by member or parameter, the first 100; only where there are such.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>What keeps the service from being ready; only on /health/ready.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Faults { get; init; }
}
