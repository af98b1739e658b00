using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One invocation as the Runtime API hands it out.</summary>
/// <param name="AwsRequestId">Its id; answers carry it.</param>
/// <param name="Event">The event's JSON.</param>
/// <param name="Deadline">When Lambda ends it.</param>
/// <param name="TraceId">Its X-Ray header; null if it is not traced.</param>
internal sealed record Invocation(
    string AwsRequestId,
    MemoryStream Event,
    DateTimeOffset Deadline,
    string? TraceId
) : ILambdaContext
{
    public TimeSpan RemainingTime => Deadline - DateTimeOffset.UtcNow;
}
