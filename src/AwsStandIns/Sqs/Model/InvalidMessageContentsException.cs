using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>The body has characters that SQS refuses.</summary>
public class InvalidMessageContentsException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public InvalidMessageContentsException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public InvalidMessageContentsException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public InvalidMessageContentsException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
