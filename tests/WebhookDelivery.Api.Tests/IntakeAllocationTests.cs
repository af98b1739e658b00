using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Api.Tests;

/// <summary>
/// What POST /events allocates beyond a bare handler that reads the same body and answers as much,
/// both in this process over one kept connection; Core and the engine count in. The bound is generous: it is there to notice a
/// serializer, a binder or a copied body, not a string.
/// </summary>
[Collection(nameof(IntakeAllocationTests))]
[CollectionDefinition(nameof(IntakeAllocationTests), DisableParallelization = true)]
public sealed class IntakeAllocationTests(ITestOutputHelper output)
{
    private const int Requests = 4000;
    private const int PayloadBytes = 1024;
    private const int ExtraBytesMax = PayloadBytes + 3500;

    [Fact]
    public async Task Post_AllocatesLittleBeyondABareHandler()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        using var directory = new TemporaryDirectory();
        TestEngine.Add(builder.Services, directory);
        builder.Services.AddSingleton<IEndpointUrlPolicy, FakeUrlPolicy>();
        builder.Services.AddWebhookDeliveryApi(new ApiOptions());
        await using var application = builder.Build();
        application.UseWebhookDeliveryApi();
        application.MapWebhookDeliveryApi();
        application.MapPost("/bare", BareAsync);
        await application.StartAsync();
        var created = await application
            .Services.GetRequiredService<TenantAdministration>()
            .CreateAsync(
                new TenantDraft
                {
                    Id = TenantId.Parse("measured"),
                    Endpoint = new EndpointDraft { Url = "https://a.test" },
                },
                CancellationToken.None
            );
        var key = ((TenantCreation.Created)created).ApiKey;
        var address = new Uri(application.Urls.Single());

        var bare = await MeasureAsync(address, Request("/bare", key));
        var events = await MeasureAsync(address, Request("/v1/events", key));

        output.WriteLine($"bytes per request: bare {bare}, POST /v1/events {events}");
        Assert.True(events - bare < ExtraBytesMax, $"bare {bare}, events {events}");
    }

    private static async Task BareAsync(HttpContext context)
    {
        var length = (int)context.Request.ContentLength!.Value;
        var result = await context.Request.BodyReader.ReadAtLeastAsync(length);
        context.Request.BodyReader.AdvanceTo(result.Buffer.End);
        context.Response.StatusCode = 201;
        context.Response.ContentLength = 112;
        await context.Response.StartAsync();
        context.Response.BodyWriter.GetSpan(112)[..112].Fill((byte)'}');
        context.Response.BodyWriter.Advance(112);
    }

    private static byte[] Request(string path, string key)
    {
        var body = "{\"type\":\"a.b\",\"x\":\"" + new string('x', PayloadBytes - 21) + "\"}";
        return Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );
    }

    private static async Task<long> MeasureAsync(Uri address, byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        await Task.Run(() => Exchange(socket, request, Requests / 4));
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Task.Run(() => Exchange(socket, request, Requests));
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests;
    }

    /// <summary>Blocking, so that the client allocates nothing.</summary>
    private static void Exchange(Socket socket, byte[] request, int times)
    {
        Span<byte> answer = stackalloc byte[4096];
        for (var i = 0; i < times; i++)
        {
            socket.Send(request);
            var count = 0;
            do
            {
                count += socket.Receive(answer[count..]);
            } while (answer[count - 1] != '}');
            Assert.True(answer.StartsWith("HTTP/1.1 201"u8));
        }
    }
}
