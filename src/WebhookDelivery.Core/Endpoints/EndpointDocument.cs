using System.Text.Json;

namespace WebhookDelivery.Core;

/// <summary>
/// The form in which engines keep what nothing ever searches for in an endpoint: JSON, so that a
/// new property needs no migration. Key, version, backlog action, failing since and deleted at are
/// not in it; engines keep them beside it.
/// </summary>
public static class EndpointDocument
{
    /// <summary>Writes an endpoint's document, in UTF-8.</summary>
    public static byte[] Write(Endpoint endpoint) =>
        JsonSerializer.SerializeToUtf8Bytes(From(endpoint), EndpointDocumentJson.Default.Content);

    /// <summary>The endpoint, of its document and what is kept beside it.</summary>
    /// <param name="json">The document, in UTF-8.</param>
    /// <param name="key">See <see cref="Endpoint.Key"/>.</param>
    /// <param name="version">See <see cref="Endpoint.Version"/>.</param>
    /// <param name="backlogAction">See <see cref="Endpoint.BacklogAction"/>.</param>
    /// <param name="failingSince">See <see cref="Endpoint.FailingSince"/>.</param>
    /// <param name="deletedAt">See <see cref="Endpoint.DeletedAt"/>.</param>
    /// <exception cref="JsonException">It is no document.</exception>
    /// <exception cref="InvalidDataException">It is one, of values that no endpoint has.</exception>
    public static Endpoint Read(
        ReadOnlySpan<byte> json,
        EndpointKey key,
        int version,
        BacklogAction backlogAction,
        DateTimeOffset? failingSince,
        DateTimeOffset? deletedAt
    )
    {
        var content =
            JsonSerializer.Deserialize(json, EndpointDocumentJson.Default.Content)
            ?? throw new InvalidDataException("An endpoint's document is null.");
        return new Endpoint
        {
            Key = key,
            Version = version,
            Url = content.Url,
            Description = content.Description,
            ExternalId = content.ExternalId,
            Metadata = content.Metadata ?? EndpointMetadata.None,
            Operational = content.Operational is true,
            EventTypes = ReadFilter(content.EventTypes),
            Filter = ReadFilter(content.Filter),
            Headers =
            [
                .. content.Headers.Select(each => new SealedHeader(
                    each.Name,
                    new SealedValue(each.Version, each.Bytes)
                )),
            ],
            Secrets =
            [
                .. content.Secrets.Select(each => new EndpointSecret(
                    new SealedValue(each.Version, each.Bytes),
                    each.ExpiresMs is { } ms ? FromMs(ms) : null
                )
                {
                    Retired = each.Retired ?? false,
                }),
            ],
            RetrySchedule = ReadSchedule(content.RetryWaitTicks),
            Timeout = content.TimeoutTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null,
            RateLimitPerSecond = content.RateLimitPerSecond,
            MaxInFlight = content.MaxInFlight,
            Disabled = content.Disabled,
            DisabledReason = (ReasonCode?)content.DisabledReason,
            DisabledAt = content.DisabledMs is { } disabled ? FromMs(disabled) : null,
            FailingSince = failingSince,
            BacklogAction = backlogAction,
            CreatedAt = FromMs(content.CreatedMs),
            UpdatedAt = FromMs(content.UpdatedMs),
            DeletedAt = deletedAt,
        };
    }

    private static Content From(Endpoint endpoint) =>
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
                    each.ExpiresAt?.ToUnixTimeMilliseconds(),
                    each.Retired ? true : null
                )),
            ],
            endpoint.RetrySchedule?.Waits.Select(wait => wait.Ticks).ToArray(),
            endpoint.Timeout?.Ticks,
            endpoint.RateLimitPerSecond,
            endpoint.MaxInFlight,
            endpoint.Disabled,
            (int?)endpoint.DisabledReason,
            endpoint.CreatedAt.ToUnixTimeMilliseconds(),
            endpoint.UpdatedAt.ToUnixTimeMilliseconds(),
            endpoint.ExternalId,
            endpoint.Metadata.Count == 0 ? null : endpoint.Metadata,
            endpoint.Operational ? true : null,
            endpoint.Filter is { } filter ? JsonElement.Parse(filter.Json.Span) : null,
            endpoint.DisabledAt?.ToUnixTimeMilliseconds()
        );

    private static EventTypeFilter ReadFilter(IReadOnlyList<string> patterns) =>
        patterns.Count == 0
            ? EventTypeFilter.All
            : EventTypeFilter.Parse(patterns, out var fault)
                ?? throw new InvalidDataException(fault);

    private static PayloadFilter? ReadFilter(JsonElement? json) =>
        json is null
            ? null
            : PayloadFilter.Parse(json.Value, out var faults)
                ?? throw new InvalidDataException(faults[0].ToString());

    private static RetrySchedule? ReadSchedule(IReadOnlyList<long>? ticks) =>
        ticks is null
            ? null
            : RetrySchedule.Create([.. ticks.Select(TimeSpan.FromTicks)], out var fault)
                ?? throw new InvalidDataException(fault);

    private static DateTimeOffset FromMs(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    /// <summary>
    /// The document itself. Spans are in ticks, times in Unix milliseconds. What has a default is
    /// absent where it is not set, as in every document from before there was such a member.
    /// </summary>
    internal sealed record Content(
        string Url,
        string? Description,
        IReadOnlyList<string> EventTypes,
        IReadOnlyList<Header> Headers,
        IReadOnlyList<Secret> Secrets,
        IReadOnlyList<long>? RetryWaitTicks,
        long? TimeoutTicks,
        double? RateLimitPerSecond,
        int? MaxInFlight,
        bool Disabled,
        int? DisabledReason,
        long CreatedMs,
        long UpdatedMs,
        string? ExternalId = null,
        IReadOnlyDictionary<string, string>? Metadata = null,
        bool? Operational = null,
        JsonElement? Filter = null,
        long? DisabledMs = null
    );

    /// <summary>A custom header, its value sealed.</summary>
    internal sealed record Header(string Name, int Version, ReadOnlyMemory<byte> Bytes);

    /// <summary>A signing secret, sealed. Documents of before it could retire say nothing of that.</summary>
    internal sealed record Secret(
        int Version,
        ReadOnlyMemory<byte> Bytes,
        long? ExpiresMs,
        bool? Retired = null
    );
}
