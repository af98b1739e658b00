using Amazon.Runtime;

namespace Amazon.SQS.Model;

/// <summary>What SendMessage answers.</summary>
public class SendMessageResponse : AmazonWebServiceResponse
{
    /// <summary>The MD5 of the attributes as the queue got them, in hexadecimal; null without attributes.</summary>
    public string MD5OfMessageAttributes { get; set; }

    /// <summary>The MD5 of the body as the queue got it, in hexadecimal.</summary>
    public string MD5OfMessageBody { get; set; }

    /// <summary>The message's id.</summary>
    public string MessageId { get; set; }
}
