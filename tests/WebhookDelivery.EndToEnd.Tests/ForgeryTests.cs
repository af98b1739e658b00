using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Http;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>No tenant makes the server talk to what only the server can reach.</summary>
public abstract class ForgeryTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly IPAddress s_public = IPAddress.Parse("93.184.215.14");

    private readonly ScriptedResolver _resolver = new();

    protected ForgeryTests() =>
        Setup = Setup with
        {
            Dev = false,
            Services = services => services.AddSingleton<IHostResolver>(_resolver),
        };

    [Theory]
    [InlineData("http://public.example/hook")]
    [InlineData("ftp://public.example/hook")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://public.example/")]
    [InlineData("https://user:secret@public.example/")]
    [InlineData("https://public.example:22/")]
    [InlineData("https://public.example:8080/")]
    [InlineData("https://public.example/#fragment")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://172.16.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:a9fe:a9fe]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[fe80::1%25lo]/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://loopback.example/")]
    [InlineData("https://mixed.example/")]
    [InlineData("https://metadata.example:8443/")]
    [InlineData("//public.example/")]
    [InlineData("")]
    [InlineData("https://")]
    public async Task A_hostile_url_is_refused_and_nothing_is_stored(string url)
    {
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(new Uri("https://public.example/hook"));
        var before = (await acme.GetAsync("/v1/endpoints")).Expect(200).Text;
        var body = JsonSerializer.Serialize(new { url });

        var created = await acme.PostAsync("/v1/endpoints", body);
        var changed = await acme.PatchAsync(endpoint.Path, body);
        var tenant = await Operator.PostAsync(
            "/v1/tenants",
            JsonSerializer.Serialize(new { tenant_id = "globex", target_url = url })
        );

        foreach (
            var (answer, member) in new[]
            {
                (created, "url"),
                (changed, "url"),
                (tenant, "target_url"),
            }
        )
        {
            Assert.Equal("validation_failed", answer.Expect(400)["code"]);
            Assert.Equal(
                [member],
                answer.Json.GetProperty("errors").EnumerateObject().Select(error => error.Name)
            );
        }

        Assert.Equal(before, (await acme.GetAsync("/v1/endpoints")).Text);
        Assert.Equal(
            "not_found",
            (await Operator.GetAsync("/v1/tenants/globex")).Expect(404)["code"]
        );
    }

    [Theory]
    [InlineData(false, "blocked_address")]
    [InlineData(true, "delivered")]
    public async Task A_host_that_rebinds_to_loopback_is_not_connected_to(
        bool exempt,
        string expected
    )
    {
        var listener = AddReceiver();
        await RestartAsync(
            Setup with
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Delivery:AllowHttp"] = "true",
                    ["Delivery:AllowedPorts"] = listener.Url.Port.ToString(),
                    // The counterproof: the same delivery arrives where loopback is exempt.
                    ["Delivery:AllowedNetworks"] = exempt ? "127.0.0.0/8" : "",
                },
            }
        );
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri($"http://rebind.example:{listener.Url.Port}/"));

        _resolver.Set("rebind.example", IPAddress.Loopback);
        var id = await acme.PostEventAsync();
        await acme.WaitForAttemptsAsync(id, 1);

        Assert.Equal(expected, (await acme.DeliveryAsync(id)).LastReason);
        Assert.Equal(exempt ? 1 : 0, listener.ConnectionCount);
        var attempt = Assert.Single(await acme.AttemptsAsync(id));
        Assert.Equal(exempt ? 200 : null, attempt.StatusCode);
        Assert.Empty(attempt.Excerpt);
    }

    [Fact]
    public async Task A_host_with_one_forbidden_address_among_others_is_not_connected_to()
    {
        var listener = AddReceiver();
        await RestartAsync(
            Setup with
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Delivery:AllowHttp"] = "true",
                    ["Delivery:AllowedPorts"] = listener.Url.Port.ToString(),
                    ["Delivery:AllowedNetworks"] = "127.0.0.1/32",
                },
            }
        );
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri($"http://rebind.example:{listener.Url.Port}/"));

        _resolver.Set("rebind.example", IPAddress.Loopback, IPAddress.Parse("127.0.0.2"));
        var id = await acme.PostEventAsync();
        await acme.WaitForAttemptsAsync(id, 1);

        Assert.Equal("blocked_address", (await acme.DeliveryAsync(id)).LastReason);
        Assert.Equal(0, listener.ConnectionCount);
    }

    [Fact]
    public async Task A_redirect_to_a_forbidden_address_is_not_followed()
    {
        await using var forbidden = RawReceiver.Start(
            connection => connection.WaitForHangUpAsync(),
            address: IPAddress.Parse("127.0.0.2")
        );
        var receiver = AddReceiver();
        receiver.Answer = _ =>
            Task.FromResult(
                WireReceiver.Status(302, $"Location: http://127.0.0.2:{forbidden.Port}/")
            );
        await RestartAsync(
            Setup with
            {
                Settings = new Dictionary<string, string?>
                {
                    ["Delivery:AllowHttp"] = "true",
                    ["Delivery:AllowedPorts"] = $"{receiver.Url.Port},{forbidden.Port}",
                    ["Delivery:AllowedNetworks"] = "127.0.0.1/32",
                },
            }
        );
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal(("http_status", 302), (failed.LastReason, failed.LastStatusCode));
        Assert.Equal(0, forbidden.ConnectionCount);
    }

    [Fact]
    public async Task A_host_that_does_not_resolve_may_be_stored_and_is_retried()
    {
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(new Uri("https://nowhere.example/"));

        var failed = await acme.WaitForAsync(await acme.PostEventAsync(), "FAILED");

        Assert.Equal("dns_failed", failed.LastReason);
    }

    /// <summary>Names that resolve as the test says; every test starts from the same.</summary>
    private sealed class ScriptedResolver : IHostResolver
    {
        private readonly ConcurrentDictionary<string, IPAddress[]> _hosts = new(
            new Dictionary<string, IPAddress[]>
            {
                ["public.example"] = [s_public],
                ["rebind.example"] = [s_public],
                ["loopback.example"] = [IPAddress.Loopback],
                ["mixed.example"] = [s_public, IPAddress.Parse("10.0.0.1")],
                ["metadata.example"] = [IPAddress.Parse("169.254.169.254")],
            }
        );

        public void Set(string host, params IPAddress[] addresses) => _hosts[host] = addresses;

        public ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(
            string host,
            CancellationToken cancellationToken
        ) => new(_hosts.GetValueOrDefault(host, []));
    }
}
