using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>The bodies of the batch are longer together than SQS takes.</summary>
public class BatchRequestTooLongException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public BatchRequestTooLongException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public BatchRequestTooLongException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public BatchRequestTooLongException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
