namespace WebhookDelivery.Api;

/// <summary>One kind of error: what clients may rely on.</summary>
/// <param name="Code">The stable name, snake_case.</param>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Title">What it means, the same for every occurrence.</param>
internal sealed record ErrorCode(string Code, int Status, string Title)
{
    /// <summary>
    /// The RFC 9457 problem type. A URN, as it must stay the same wherever the API is hosted.
    /// </summary>
    public string Type { get; } = "urn:webhookdelivery:error:" + Code;
}
