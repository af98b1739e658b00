using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebhookDelivery.Hosting;
using WebhookDelivery.Server;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What whoever can reach the port, with a key or without, can hold on to.</summary>
public sealed class ConnectionLimitTests : IDisposable
{
    private const int Connections = 2;

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Server_MoreConnectionsThanItsLimit_AreClosedAndTheOthersServed()
    {
        await using var application = Build();
        await application.StartAsync();
        var address = new Uri(application.Urls.Single());
        using var first = await ConnectAsync(address);
        using var second = await ConnectAsync(address);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(first));
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(second));

        using var third = await ConnectAsync(address);
        Assert.Equal("", await AskAsync(third));
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(first));

        second.Dispose();
        await Until.HoldsAsync(
            async () =>
            {
                using var next = await ConnectAsync(address);
                return (await AskAsync(next)).Length > 0;
            },
            TimeSpan.FromSeconds(60),
            () => "a place that became free is not given to another"
        );
        await application.StopAsync();
    }

    [Fact]
    public async Task Server_SlowestBodyItBears_IsOfTheDocumentedSpeed()
    {
        await using var application = Build();
        var limits = application
            .Services.GetRequiredService<IOptions<KestrelServerOptions>>()
            .Value.Limits;
        Assert.Equal(4096, limits.MinRequestBodyDataRate!.BytesPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(10), limits.MinRequestBodyDataRate.GracePeriod);
        Assert.Equal(TimeSpan.FromSeconds(30), limits.RequestHeadersTimeout);
        Assert.Equal(32 * 1024, limits.MaxRequestHeadersTotalSize);
        Assert.Equal(100, limits.MaxRequestHeaderCount);
        Assert.Equal(8 * 1024, limits.MaxRequestLineSize);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<TcpClient> ConnectAsync(Uri address)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        return client;
    }

    /// <summary>The beginning of the answer; empty if the server hangs up.</summary>
    private static async Task<string> AskAsync(TcpClient client)
    {
        try
        {
            var stream = client.GetStream();
            await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            var buffer = new byte[4096];
            return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var settings = HostSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("WebhookDelivery:Api:MaxConnections", $"{Connections}"),
                ])
                .Build(),
            _directory.Path,
            dev: false,
            TimeProvider.System.GetUtcNow()
        );
        return ServerHost.Build(builder, settings);
    }
}
