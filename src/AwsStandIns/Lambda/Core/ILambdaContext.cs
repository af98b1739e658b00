namespace Amazon.Lambda.Core;

/// <summary>One invocation, as the function's handler sees it.</summary>
public interface ILambdaContext
{
    /// <summary>The invocation's id; a retry of the same event by Lambda has the same one.</summary>
    string AwsRequestId { get; }

    /// <summary>How long until Lambda ends the invocation; negative once that time is over.</summary>
    TimeSpan RemainingTime { get; }
}
