using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Hears what Core complains of: anything but what the simulation did to it is a fault of Core's.</summary>
internal sealed class SimulatedLogger<T>(Host host) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= LogLevel.Warning || host.Journal.Trace.IsInWords;

    public void Log<TState>(
        LogLevel logLevel,
        Microsoft.Extensions.Logging.EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        host.Journal.Trace.Add("log", (ulong)eventId.Id);
        host.Journal.Trace.Say(
            $"  p{host.Process.Number} {logLevel}: {formatter(state, exception)} {exception?.Message}"
        );
        if (exception is not (null or StoreUnavailableException or OperationCanceledException))
        {
            host.Journal.Violate($"Core met an exception of its own making: {exception}");
        }
    }
}
