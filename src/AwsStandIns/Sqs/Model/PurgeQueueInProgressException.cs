using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>The queue was purged less than 60 seconds ago.</summary>
public class PurgeQueueInProgressException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public PurgeQueueInProgressException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public PurgeQueueInProgressException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public PurgeQueueInProgressException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
