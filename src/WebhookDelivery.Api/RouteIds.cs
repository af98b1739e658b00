using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>The parameters of the routes.</summary>
internal static class RouteIds
{
    public const string Event = "event_id";
    public const string Endpoint = "endpoint_id";
    public const string Tenant = "tenant_id";
    public const string Recovery = "recovery_id";
    public const string Key = "key_id";

    /// <summary>A parameter's text, as the address has it.</summary>
    public static string? Text(HttpContext context, string name) =>
        context.Request.RouteValues[name] as string;
}
