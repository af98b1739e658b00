using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SQS.Model;

namespace Amazon.SQS.Internal;

/// <summary>
/// The step of the pipeline that compares the bodies with the MD5 that SQS computed of them, in both
/// directions. MD5 guards against accidents here, as SQS has defined it, not against forgers.
/// </summary>
internal sealed class SqsChecksumHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var response = await base.InvokeAsync<T>(executionContext);
        Verify(executionContext.RequestContext.OriginalRequest, response);
        return response;
    }

    private static void Verify(AmazonWebServiceRequest request, object response)
    {
        switch (request, response)
        {
            case (SendMessageRequest sent, SendMessageResponse answer):
                Verify(sent.MessageBody, answer.MD5OfMessageBody, answer.MessageId);
                break;
            case (SendMessageBatchRequest sent, SendMessageBatchResponse { Successful: { } done }):
                foreach (var entry in done)
                {
                    var body = sent.Entries.Find(one => one.Id == entry.Id)?.MessageBody;
                    Verify(body, entry.MD5OfMessageBody, entry.MessageId);
                }

                break;
            case (_, ReceiveMessageResponse { Messages: { } messages }):
                foreach (var message in messages)
                {
                    Verify(message.Body, message.MD5OfBody, message.MessageId);
                }

                break;
        }
    }

    private static void Verify(string body, string expected, string messageId)
    {
        if (body is null || string.IsNullOrEmpty(expected))
        {
            return;
        }

#pragma warning disable CA5351 // SQS knows no other digest.
        var actual = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
        if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new AmazonSQSException(
                $"The MD5 of message {messageId} is {actual} here and {expected} at SQS"
            );
        }
    }
}
