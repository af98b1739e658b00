namespace WebhookDelivery.Cdk;

/// <summary>A name of the operator's for the API.</summary>
/// <param name="ZoneId">The hosted zone's id in Route 53.</param>
/// <param name="ZoneName">The zone's name, such as <c>example.com</c>.</param>
/// <param name="HostName">The API's full name in it, such as <c>api.example.com</c>.</param>
internal sealed record CustomDomain(string ZoneId, string ZoneName, string HostName);
