using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task Start_FaultyOptions_FailsWithAllFaultsAtOnceAndNoSecret()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            ReceiverApp.StartAsync(
                secret: "too short",
                configure: options =>
                {
                    options.Tolerance = TimeSpan.FromSeconds(-1);
                    options.PayloadBytesMax = 0;
                    options.RememberedIdsMax = 0;
                }
            )
        );

        Assert.Equal(4, exception.Failures.Count());
        Assert.DoesNotContain("too short", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoSecretOrAPolicyNoSecretFits_Fails()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(() =>
            ReceiverApp.StartAsync(configure: options => options.Secrets.Clear())
        );
        await Assert.ThrowsAsync<OptionsValidationException>(() =>
            ReceiverApp.StartAsync(
                secret: "an old secret, kept",
                configure: options => options.Policy = SchemePolicy.Both
            )
        );
    }

    [Fact]
    public void MapWebhook_WithoutAddWebhookReceiver_SaysWhatIsMissing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() =>
            app.MapWebhook("/webhooks", (_, _) => Task.CompletedTask)
        );
        Assert.Contains("AddWebhookReceiver", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecretSource_OfTheApplications_DecidesPerRequest()
    {
        var source = new SwitchedSource();
        await using var app = await ReceiverApp.StartAsync(
            configure: options => options.Secrets.Clear(),
            services: services => services.AddScoped<IWebhookSecretSource>(_ => source)
        );

        var unknown = await app.SendAsync(app.Delivery());
        source.Secrets = [Deliveries.Secret(app.Secret)];
        var known = await app.SendAsync(app.Delivery());

        Assert.Equal((503, "secret_unknown"), (unknown.Status, unknown.Code));
        Assert.NotNull(unknown.Response.Headers.RetryAfter);
        Assert.Equal(204, known.Status);
    }

    [Fact]
    public async Task Handler_AsAType_IsMadeFromTheRequestsServices()
    {
        await using var app = await ReceiverApp.StartAsync(
            services: services => services.AddScoped<Notes>(),
            map: endpoints => endpoints.MapWebhook<NotingHandler>("/typed")
        );

        Assert.Equal(204, (await app.SendAsync(app.Delivery("evt_1", path: "/typed"))).Status);
        Assert.Equal(422, (await app.SendAsync(app.Delivery("evt_2", path: "/typed"))).Status);
    }

    [Fact]
    public async Task Refusal_IsLeftInTheRequestsFeatures()
    {
        WebhookRefusal? refusal = null;
        await using var app = await ReceiverApp.StartAsync(map: endpoints =>
            ((WebApplication)endpoints).Use(
                async (context, next) =>
                {
                    await next();
                    refusal = context.Features.Get<WebhookRefusal>();
                }
            )
        );

        await app.SendAsync(app.Delivery().WithBody("{}"));

        Assert.Equal(WebhookRefusal.SignatureMismatch, refusal?.Code);
    }

    [Theory]
    [InlineData(299)]
    [InlineData(600)]
    public void Failed_StatusThatIsNoFailure_Throws(int status) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookReply.Failed(status));

    private sealed class SwitchedSource : IWebhookSecretSource
    {
        public IReadOnlyList<SigningSecret> Secrets { get; set; } = [];

        public ValueTask<IReadOnlyList<SigningSecret>> GetSecretsAsync(
            HttpContext context,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult(Secrets);
    }

    private sealed class Notes;

    private sealed class NotingHandler(Notes notes) : IWebhookHandler
    {
        public Task<WebhookReply> HandleAsync(
            ReceivedWebhook webhook,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult(
                notes is not null && webhook.Id == "evt_1"
                    ? WebhookReply.Processed
                    : WebhookReply.Failed(422)
            );
    }
}
