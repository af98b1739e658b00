using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS;

/// <summary>What SQS answers when it refuses a call.</summary>
public class AmazonSQSException : AmazonServiceException
{
    /// <summary>Says what failed.</summary>
    public AmazonSQSException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public AmazonSQSException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public AmazonSQSException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
