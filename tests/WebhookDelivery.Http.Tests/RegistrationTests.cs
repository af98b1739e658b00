using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public async Task AddWebhookSender_RegistersEverythingOnce()
    {
        await using var services = Services().AddWebhookSender(new()).BuildServiceProvider();

        Assert.IsType<WebhookSender>(services.GetRequiredService<IWebhookSender>());
        Assert.Same(
            services.GetRequiredService<IWebhookSender>(),
            services.GetRequiredService<IWebhookSender>()
        );
        Assert.NotNull(services.GetService<EndpointUrlPolicy>());
        Assert.IsType<SystemHostResolver>(services.GetRequiredService<IHostResolver>());
        Assert.Same(TimeProvider.System, services.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public async Task AddWebhookSender_ResolverAndClockOfTheHost_AreKept()
    {
        var (resolver, clock) = (new ScriptedResolver(), new ManualTimeProvider());
        await using var services = Services()
            .AddSingleton<IHostResolver>(resolver)
            .AddSingleton<TimeProvider>(clock)
            .AddWebhookSender(new() { AllowedNetworks = [IPNetwork.Parse("10.0.0.0/8")] })
            .BuildServiceProvider();

        Assert.Same(resolver, services.GetRequiredService<IHostResolver>());
        Assert.Same(clock, services.GetRequiredService<TimeProvider>());
        Assert.True(
            services.GetRequiredService<AddressPolicy>().Allows(IPAddress.Parse("10.0.0.1"))
        );
    }

    private static IServiceCollection Services() =>
        new ServiceCollection().AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
}
