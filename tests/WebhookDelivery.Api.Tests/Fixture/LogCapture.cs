using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Api.Tests;

/// <summary>Keeps what the application logs, for tests that look for what must not be there.</summary>
internal sealed class LogCapture(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception?.GetType().Name}");

    public void Dispose() { }
}
