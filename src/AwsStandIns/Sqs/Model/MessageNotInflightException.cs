using System.Net;
using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>The message of the receipt is not in flight any more.</summary>
public class MessageNotInflightException : AmazonSQSException
{
    /// <summary>Says what failed.</summary>
    public MessageNotInflightException(string message)
        : base(message) { }

    /// <summary>Says what failed, and the cause.</summary>
    public MessageNotInflightException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>Says what the service answered.</summary>
    public MessageNotInflightException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode
    )
        : base(message, innerException, errorType, errorCode, requestId, statusCode) { }
}
