using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Api.Tests;

/// <summary>What a tenant can grow ends somewhere, with an answer that says so.</summary>
public sealed class LimitTests(TestApi api)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task PostApiKey_BeyondTheLimit_IsRefusedUntilOneIsRevoked()
    {
        var tenant = await api.NewTenantAsync();
        var path = $"/v1/tenants/{tenant.Id}/api-keys";
        var max = api.Services.GetRequiredService<TenantOptions>().ApiKeysMax;
        var last = "";
        for (var i = 1; i < max; i++)
        {
            using var made = await api.Operator.PostAsync(path, null);
            last = (await made.ReadAsync(201)).Text("key_id");
        }

        using var refused = await api.Operator.PostAsync(path, null);
        await refused.AssertProblemAsync(409, "api_key_limit_reached");

        using var revoked = await api.Operator.DeleteAsync($"{path}/{last}");
        await revoked.ReadAsync(204);
        using var again = await api.Operator.PostAsync(path, null);
        await again.ReadAsync(201);
    }

    [Fact]
    public async Task PostEndpoint_AfterAsManyDeletions_IsRefused()
    {
        var tenant = await api.NewTenantAsync();
        var store = api.Services.GetRequiredService<ITenantStore>();
        var max = api.Services.GetRequiredService<EndpointOptions>().DeletedPerTenantMax;
        var now = DateTimeOffset.UtcNow;
        await Task.WhenAll(
            Enumerable
                .Range(1, max - 1)
                .Select(_ => store.SaveEndpointAsync(Deleted(tenant.Id, now), default).AsTask())
        );
        var endpoint = await tenant.NewEndpointAsync();
        await tenant.SendAsync(
            HttpMethod.Delete,
            $"/v1/endpoints/{endpoint.Text("endpoint_id")}",
            null,
            204
        );

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/endpoints",
            new { url = "https://one-more.test/" },
            409
        );

        problem.AssertProblem(409, "endpoint_limit_reached");
        Assert.Contains($"{max}", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redeliver_BeyondTheLimit_IsRefusedAndRequeueingFails()
    {
        var tenant = await api.NewTenantAsync();
        var endpointId = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var eventId = await tenant.NewEventAsync();
        var path = $"/v1/events/{eventId}/redeliver";
        var max = api.Services.GetRequiredService<DeliveryOptions>().GenerationsMax;
        for (var generation = 2; generation <= max; generation++)
        {
            await tenant.SendAsync(HttpMethod.Post, path, null, 202);
        }

        var problem = await tenant.SendAsync(HttpMethod.Post, path, null, 409);
        problem.AssertProblem(409, "redelivery_limit_reached");

        await tenant.RecordAttemptAsync(
            eventId,
            endpointId,
            DeliveryStatus.DeadLetter,
            new AttemptOutcome { Reason = ReasonCode.HttpStatus, StatusCode = 500 },
            generation: max
        );
        var requeued = await tenant.SendAsync(
            HttpMethod.Post,
            "/v1/dead-letters/requeue",
            new { },
            200
        );
        Assert.Equal(0, requeued.GetProperty("requeued").GetInt32());
        Assert.Equal(1, requeued.GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task PostEvent_WhileSlowBodiesTakeTheMemory_IsRefusedForTheirTenantOnly()
    {
        var (slow, other) = (await api.NewTenantAsync(), await api.NewTenantAsync());
        var payload = JsonSerializer.Serialize(new { a = new string('x', 100 * 1024) });
        var held = new List<TcpClient>();
        try
        {
            for (var i = 0; i < TestApi.MaxBufferedBytes / TestApi.MaxPayloadBytes; i++)
            {
                held.Add(await BeginAsync(slow));
            }

            await Until.HoldsAsync(
                async () => await StatusAsync(slow, payload) == 503,
                s_patience,
                () => "large payloads go on being accepted"
            );
            using var refused = await slow.PostEventAsync(payload);
            await refused.AssertProblemAsync(503, "overloaded");
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal(201, await StatusAsync(slow, """{"small":true}"""));
            Assert.Equal(201, await StatusAsync(other, payload));
        }
        finally
        {
            held.ForEach(each => each.Dispose());
        }

        await Until.HoldsAsync(
            async () => await StatusAsync(slow, payload) == 201,
            s_patience,
            () => "the memory is not given back"
        );
    }

    private static async Task<int> StatusAsync(TestTenant tenant, string payload)
    {
        using var answer = await tenant.PostEventAsync(payload);
        return (int)answer.StatusCode;
    }

    /// <summary>Says that a payload of the largest size comes, and sends none of it.</summary>
    private async Task<TcpClient> BeginAsync(TestTenant tenant)
    {
        var client = new TcpClient();
        await client.ConnectAsync(api.Address.Host, api.Address.Port);
        var head =
            $"POST /v1/events HTTP/1.1\r\nHost: {api.Address.Authority}\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: application/json\r\nContent-Length: {TestApi.MaxPayloadBytes}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        return client;
    }

    private static Core.Endpoint Deleted(TenantId tenant, DateTimeOffset now) =>
        new()
        {
            Key = new EndpointKey(tenant, new EndpointId(Guid.CreateVersion7(now))),
            Version = 1,
            Url = "https://gone.test/",
            EventTypes = EventTypeFilter.All,
            Headers = [],
            Secrets = [],
            CreatedAt = now,
            UpdatedAt = now,
            DeletedAt = now,
        };
}
