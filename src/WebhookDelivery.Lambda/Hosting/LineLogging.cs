using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Lambda;

/// <summary>What the functions log, and how.</summary>
internal static class LineLogging
{
    /// <summary>A line per entry; the framework's own chatter only from warnings up, unless configured.</summary>
    public static void Use(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddProvider(new LineLoggerProvider(Console.Out));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // It would start an Activity and a log scope for each request; the API reads traceparent itself.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
