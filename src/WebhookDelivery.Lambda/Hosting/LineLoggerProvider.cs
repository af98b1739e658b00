using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda;

/// <summary>
/// Writes entries at once. The framework's console logger hands them to a thread, and what Lambda
/// freezes with an invocation's end would come out with the next one, or never. Lambda adds the time.
/// </summary>
internal sealed class LineLoggerProvider(TextWriter output) : ILoggerProvider
{
    // The console's own writer is safe for many threads, and others are told one line at a time.
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public ILogger CreateLogger(string categoryName) => new LineLogger(_output, categoryName);

    public void Dispose() { }

    private sealed class LineLogger(TextWriter output, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var line = $"{Name(logLevel)}: {category}[{eventId.Id}] {formatter(state, exception)}";
            if (exception is not null)
            {
                line += $" {exception}";
            }

            // CloudWatch ends an entry at a line feed, and shows a carriage return as a line's end.
            output.WriteLine(line.ReplaceLineEndings("\r"));
        }

        private static string Name(LogLevel level) =>
            level switch
            {
                LogLevel.Trace => "trce",
                LogLevel.Debug => "dbug",
                LogLevel.Information => "info",
                LogLevel.Warning => "warn",
                LogLevel.Error => "fail",
                _ => "crit",
            };
    }
}
