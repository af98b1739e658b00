using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>There is no such queue.</summary>
public class QueueDoesNotExistException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public QueueDoesNotExistException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public QueueDoesNotExistException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public QueueDoesNotExistException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
