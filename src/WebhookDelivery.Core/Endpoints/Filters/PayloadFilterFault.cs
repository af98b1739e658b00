namespace WebhookDelivery.Core;

/// <summary>What is wrong with one part of a payload filter.</summary>
/// <param name="Path">Where, such as <c>and[1].gte</c>; empty for the filter as a whole.</param>
/// <param name="Message">A sentence for the tenant.</param>
public sealed record PayloadFilterFault(string Path, string Message);
