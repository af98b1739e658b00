using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Lambda;

/// <summary>Makes of a request's headers what the gateway was sent.</summary>
internal static class GatewayHeaders
{
    /// <summary>
    /// The hosting package takes every header apart at its commas, as the gateway joins by them the
    /// values of a header that comes twice. But a comma may belong to a value, an idempotency key's for
    /// one, and such a header would be refused for coming twice. So they are joined again; a header
    /// that does come twice is then one odd value.
    /// </summary>
    public static void Join(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers.Where(header => header.Value.Count > 1).ToArray())
        {
            headers[name] = string.Join(',', values.ToArray());
        }
    }
}
