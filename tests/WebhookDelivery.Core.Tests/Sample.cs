using WebhookDelivery.Signatures;

namespace WebhookDelivery.Core.Tests;

/// <summary>Things that many tests need one of, and whose details matter to none.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static readonly TenantId Tenant = TenantId.Parse("acme");

    public static readonly TenantId OtherTenant = TenantId.Parse("other");

    public static EndpointId EndpointId(int number) =>
        new(new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0));

    public static EventId EventId(int number) =>
        new(new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1));

    public static EndpointKey EndpointKey(int number) => new(Tenant, EndpointId(number));

    public static Endpoint Endpoint(EndpointKey key, params EndpointSecret[] secrets) =>
        new()
        {
            Key = key,
            Version = 1,
            Url = "https://receiver.example/hooks",
            Secrets = secrets,
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    public static Tenant TenantRow(TenantDataKey dataKey) =>
        new()
        {
            Id = dataKey.TenantId,
            Version = 1,
            DataKey = dataKey,
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    public static ClaimedDelivery Claim(EndpointKey endpoint, int number) =>
        new(
            new DueDelivery
            {
                Key = new DeliveryKey(endpoint.TenantId, EventId(number), endpoint.EndpointId),
                Generation = 1,
                Attempt = 1,
                DueAt = Now,
            }
        );

    public static SigningSecret Secret(string text) =>
        SigningSecret.TryParse(text, out var secret)
            ? secret
            : throw new ArgumentException("Not a secret.", nameof(text));
}
