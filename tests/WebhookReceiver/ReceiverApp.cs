using WebhookDelivery.Receiver;

namespace WebhookReceiver;

/// <summary>Composes and runs the web application.</summary>
internal static class ReceiverApp
{
    public static async Task<int> RunAsync(
        int port,
        IReadOnlyList<string> secrets,
        CancellationToken cancellationToken
    )
    {
        var app = Build(port, secrets);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync(
                $"Cannot listen on port {port}: {exception.Message}"
            );
            return 1;
        }

        Console.WriteLine($"Receiving webhooks at {app.Urls.Single()}/webhooks");
        Console.WriteLine(
            secrets.Count == 0
                ? "No secret yet: deliveries are accepted UNVERIFIED. POST /secret sets one."
                : "Verifying signatures."
        );
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static WebApplication Build(int port, IReadOnlyList<string> secrets)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // localhost is both loopback addresses, of which a free port can be had on one only.
        builder.WebHost.UseUrls(port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{port}");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new KnownSecrets(secrets));
        builder.Services.AddSingleton<IWebhookSecretSource>(services =>
            services.GetRequiredService<KnownSecrets>()
        );
        builder.Services.AddSingleton<InMemoryReceivedWebhookLog>();
        builder.Services.AddSingleton<IReceivedWebhookLog>(services =>
            services.GetRequiredService<InMemoryReceivedWebhookLog>()
        );
        builder.Services.AddSingleton<ReceivedList>();
        builder.Services.AddSingleton<AnswerMode>();
        builder.Services.AddSingleton<DeliveryHandler>();
        builder.Services.AddSingleton<UnverifiedDeliveries>();
        builder.Services.AddWebhookReceiver(options => options.RunHandlerForDuplicates = true);

        var app = builder.Build();
        app.UseMiddleware<RefusalRecorder>();
        app.UseMiddleware<UnverifiedMiddleware>();
        app.UseRouting();
        app.MapControl();
        app.MapWebhook<DeliveryHandler>(UnverifiedDeliveries.AnyPath);
        return app;
    }
}
