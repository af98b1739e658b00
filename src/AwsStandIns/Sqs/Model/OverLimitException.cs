using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>The queue has its most messages in flight already (120,000 on a standard queue).</summary>
public class OverLimitException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public OverLimitException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public OverLimitException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public OverLimitException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
