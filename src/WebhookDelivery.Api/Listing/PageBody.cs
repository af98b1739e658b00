namespace WebhookDelivery.Api;

/// <summary>A page of a list.</summary>
/// <param name="Data">The items; may be few although more follow, if the list is filtered.</param>
/// <param name="NextCursor">Give it as cursor for the next page; null at the end of the list.</param>
internal sealed record PageBody<T>(IReadOnlyList<T> Data, string? NextCursor);
