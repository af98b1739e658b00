using Amazon.Lambda.Core;

namespace WebhookDelivery.Lambda;

/// <summary>How long a function may work on an invocation.</summary>
internal static class InvocationTime
{
    /// <summary>Kept for ending in good order: answering, and logging.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(3);

    /// <summary>When its work must have ended.</summary>
    public static DateTimeOffset Deadline(ILambdaContext context, TimeProvider time) =>
        time.GetUtcNow() + Left(context);

    /// <summary>A source that cancels when its work must end.</summary>
    public static CancellationTokenSource Limit(ILambdaContext context, TimeProvider time) =>
        new(Left(context), time);

    private static TimeSpan Left(ILambdaContext context)
    {
        var left = context.RemainingTime - s_margin;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
