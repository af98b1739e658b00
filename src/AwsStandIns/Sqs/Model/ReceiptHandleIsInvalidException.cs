using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>The receipt names no message of this queue.</summary>
public class ReceiptHandleIsInvalidException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public ReceiptHandleIsInvalidException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public ReceiptHandleIsInvalidException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public ReceiptHandleIsInvalidException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
