using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SQS.Model;

namespace Amazon.SQS.Internal;

/// <summary>Turns a refusal into the exception that stands for it.</summary>
internal static class SqsErrors
{
    // The names of the API's shapes, which are not always the error codes.
    private static readonly Dictionary<string, Factory> s_factories = new(StringComparer.Ordinal)
    {
        ["BatchRequestTooLong"] = static (m, i, t, c, r, s) =>
            new BatchRequestTooLongException(m, i, t, c, r, s),
        ["InvalidMessageContents"] = static (m, i, t, c, r, s) =>
            new InvalidMessageContentsException(m, i, t, c, r, s),
        ["MessageNotInflight"] = static (m, i, t, c, r, s) =>
            new MessageNotInflightException(m, i, t, c, r, s),
        ["OverLimit"] = static (m, i, t, c, r, s) => new OverLimitException(m, i, t, c, r, s),
        ["PurgeQueueInProgress"] = static (m, i, t, c, r, s) =>
            new PurgeQueueInProgressException(m, i, t, c, r, s),
        ["QueueDoesNotExist"] = static (m, i, t, c, r, s) =>
            new QueueDoesNotExistException(m, i, t, c, r, s),
        ["ReceiptHandleIsInvalid"] = static (m, i, t, c, r, s) =>
            new ReceiptHandleIsInvalidException(m, i, t, c, r, s),
        ["RequestThrottled"] = static (m, i, t, c, r, s) =>
            new RequestThrottledException(m, i, t, c, r, s),
    };

    private delegate AmazonSQSException Factory(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    );

    /// <summary>The exception for an error by its name in the API; where the name is not known, the common one.</summary>
    public static AmazonSQSException ToException(string name, ErrorResponse error)
    {
        var factory =
            name is not null && s_factories.TryGetValue(name, out var known)
                ? known
                : static (m, i, t, c, r, s) => new AmazonSQSException(m, i, t, c, r, s);
        return factory(
            error.Message,
            error.InnerException,
            error.Type,
            error.Code,
            error.RequestId,
            error.StatusCode
        );
    }
}
