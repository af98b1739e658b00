using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Aws.Tests;

/// <summary>Keeps what is logged, from Information on.</summary>
internal sealed class RecordedLog
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    /// <summary>What was logged, oldest first.</summary>
    public IReadOnlyList<Entry> Entries => [.. _entries];

    public ILogger<T> For<T>() => new Logger<T>(this);

    public sealed record Entry(int Id, LogLevel Level, string Text);

    public sealed class Logger<T>(RecordedLog log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log._entries.Enqueue(new Entry(eventId.Id, logLevel, formatter(state, exception)));
    }
}
