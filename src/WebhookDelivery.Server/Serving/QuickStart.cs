namespace WebhookDelivery.Server;

/// <summary>What <c>serve</c> prints at its first start: the operator key and two lines to try.</summary>
internal static class QuickStart
{
    /// <summary>
    /// The secret that the quick start's receiver and endpoint share. Public, so good for nothing but
    /// trying things out on one machine; only <c>--dev</c> prints it.
    /// </summary>
    public const string DevSecret = "whsec_cXVpY2stc3RhcnQtc2VjcmV0LW5vdC1mb3ItdXNl";

    public static string Describe(string baseUrl, string operatorKey, bool dev)
    {
        var tenant = dev
            ? $$"""{"tenant_id":"acme","target_url":"http://localhost:9000/webhooks","webhook_secret":"{{DevSecret}}"}"""
            : """{"tenant_id":"acme","target_url":"https://your-host.example/webhooks"}""";
        return $$"""

            This is the first start. The operator key, shown only now:

              {{operatorKey}}

            Create a tenant with an endpoint (the answer shows its API key and secret only now):

            ACME=$(curl -s {{baseUrl}}/v1/tenants -H 'Authorization: Bearer {{operatorKey}}' -H 'Content-Type: application/json' -d '{{tenant}}'); echo "$ACME"

            Send its first event:

            curl -s {{baseUrl}}/v1/events -H "Authorization: Bearer $(echo "$ACME" | sed -n 's/.*"api_key":"\([^"]*\)".*/\1/p')" -H 'Content-Type: application/json' -d '{"type":"order.created","order_id":"42"}'

            """;
    }
}
