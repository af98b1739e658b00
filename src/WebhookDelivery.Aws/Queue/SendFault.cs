using Amazon.Runtime;

namespace WebhookDelivery.Aws;

/// <summary>Why SQS did not take a message.</summary>
/// <param name="Code">SQS's code, or the name of what went wrong on the way.</param>
/// <param name="MayPass">Whether the same message may be taken a moment later.</param>
internal readonly record struct SendFault(string Code, bool MayPass)
{
    /// <summary>Whether it is the characters of the body. Codes may have the service's name before them.</summary>
    public bool IsContents => Code.EndsWith("InvalidMessageContents", StringComparison.Ordinal);

    /// <summary>Reads why a whole call failed. The SDK has tried again already where that helps.</summary>
    public static SendFault Of(Exception exception) =>
        new(
            (exception as AmazonServiceException)?.ErrorCode ?? exception.GetType().Name,
            MayPass: false
        );
}
