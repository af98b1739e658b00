using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>Too many calls: SQS wants fewer for now.</summary>
public class RequestThrottledException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public RequestThrottledException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public RequestThrottledException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public RequestThrottledException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
