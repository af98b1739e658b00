using System.Text.Json;
using Amazon.SQS.Model;

namespace Amazon.SQS.Internal;

/// <summary>The calls of the service that the client makes.</summary>
internal static class SqsOperations
{
    public static readonly SqsOperation<
        ChangeMessageVisibilityRequest,
        ChangeMessageVisibilityResponse
    > ChangeMessageVisibility = new(
        "ChangeMessageVisibility",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteText("ReceiptHandle", request.ReceiptHandle);
            json.WriteNumber("VisibilityTimeout", request.VisibilityTimeout);
        },
        static _ => new ChangeMessageVisibilityResponse()
    );

    public static readonly SqsOperation<
        ChangeMessageVisibilityBatchRequest,
        ChangeMessageVisibilityBatchResponse
    > ChangeMessageVisibilityBatch = new(
        "ChangeMessageVisibilityBatch",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteObjects("Entries", request.Entries, Write);
        },
        static json => new ChangeMessageVisibilityBatchResponse
        {
            Failed = json.List("Failed", ReadFailed),
            Successful = json.List(
                "Successful",
                static entry => new ChangeMessageVisibilityBatchResultEntry
                {
                    Id = entry.Text("Id"),
                }
            ),
        }
    );

    public static readonly SqsOperation<CreateQueueRequest, CreateQueueResponse> CreateQueue = new(
        "CreateQueue",
        static (json, request) =>
        {
            json.WriteText("QueueName", request.QueueName);
            json.WriteMap("Attributes", request.Attributes);
        },
        static json => new CreateQueueResponse { QueueUrl = json.Text("QueueUrl") }
    );

    public static readonly SqsOperation<DeleteMessageRequest, DeleteMessageResponse> DeleteMessage =
        new(
            "DeleteMessage",
            static (json, request) =>
            {
                json.WriteText("QueueUrl", request.QueueUrl);
                json.WriteText("ReceiptHandle", request.ReceiptHandle);
            },
            static _ => new DeleteMessageResponse()
        );

    public static readonly SqsOperation<
        DeleteMessageBatchRequest,
        DeleteMessageBatchResponse
    > DeleteMessageBatch = new(
        "DeleteMessageBatch",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteObjects("Entries", request.Entries, Write);
        },
        static json => new DeleteMessageBatchResponse
        {
            Failed = json.List("Failed", ReadFailed),
            Successful = json.List(
                "Successful",
                static entry => new DeleteMessageBatchResultEntry { Id = entry.Text("Id") }
            ),
        }
    );

    public static readonly SqsOperation<
        GetQueueAttributesRequest,
        GetQueueAttributesResponse
    > GetQueueAttributes = new(
        "GetQueueAttributes",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteTexts("AttributeNames", request.AttributeNames);
        },
        static json => new GetQueueAttributesResponse { Attributes = json.Map("Attributes") }
    );

    public static readonly SqsOperation<GetQueueUrlRequest, GetQueueUrlResponse> GetQueueUrl = new(
        "GetQueueUrl",
        static (json, request) => json.WriteText("QueueName", request.QueueName),
        static json => new GetQueueUrlResponse { QueueUrl = json.Text("QueueUrl") }
    );

    public static readonly SqsOperation<PurgeQueueRequest, PurgeQueueResponse> PurgeQueue = new(
        "PurgeQueue",
        static (json, request) => json.WriteText("QueueUrl", request.QueueUrl),
        static _ => new PurgeQueueResponse()
    );

    public static readonly SqsOperation<
        ReceiveMessageRequest,
        ReceiveMessageResponse
    > ReceiveMessage = new(
        "ReceiveMessage",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteNumber("MaxNumberOfMessages", request.MaxNumberOfMessages);
            json.WriteTexts("MessageAttributeNames", request.MessageAttributeNames);
            json.WriteTexts("MessageSystemAttributeNames", request.MessageSystemAttributeNames);
            json.WriteNumber("VisibilityTimeout", request.VisibilityTimeout);
            json.WriteNumber("WaitTimeSeconds", request.WaitTimeSeconds);
        },
        static json => new ReceiveMessageResponse { Messages = json.List("Messages", ReadMessage) }
    );

    public static readonly SqsOperation<SendMessageRequest, SendMessageResponse> SendMessage = new(
        "SendMessage",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteText("MessageBody", request.MessageBody);
            json.WriteNumber("DelaySeconds", request.DelaySeconds);
            json.WriteText("MessageGroupId", request.MessageGroupId);
            json.WriteAttributes(request.MessageAttributes);
        },
        static json => new SendMessageResponse
        {
            MD5OfMessageAttributes = json.Text("MD5OfMessageAttributes"),
            MD5OfMessageBody = json.Text("MD5OfMessageBody"),
            MessageId = json.Text("MessageId"),
        }
    );

    public static readonly SqsOperation<
        SendMessageBatchRequest,
        SendMessageBatchResponse
    > SendMessageBatch = new(
        "SendMessageBatch",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteObjects("Entries", request.Entries, Write);
        },
        static json => new SendMessageBatchResponse
        {
            Failed = json.List("Failed", ReadFailed),
            Successful = json.List(
                "Successful",
                static entry => new SendMessageBatchResultEntry
                {
                    Id = entry.Text("Id"),
                    MD5OfMessageAttributes = entry.Text("MD5OfMessageAttributes"),
                    MD5OfMessageBody = entry.Text("MD5OfMessageBody"),
                    MessageId = entry.Text("MessageId"),
                }
            ),
        }
    );

    public static readonly SqsOperation<
        SetQueueAttributesRequest,
        SetQueueAttributesResponse
    > SetQueueAttributes = new(
        "SetQueueAttributes",
        static (json, request) =>
        {
            json.WriteText("QueueUrl", request.QueueUrl);
            json.WriteMap("Attributes", request.Attributes);
        },
        static _ => new SetQueueAttributesResponse()
    );

    private static void Write(Utf8JsonWriter json, ChangeMessageVisibilityBatchRequestEntry entry)
    {
        json.WriteText("Id", entry.Id);
        json.WriteText("ReceiptHandle", entry.ReceiptHandle);
        json.WriteNumber("VisibilityTimeout", entry.VisibilityTimeout);
    }

    private static void Write(Utf8JsonWriter json, DeleteMessageBatchRequestEntry entry)
    {
        json.WriteText("Id", entry.Id);
        json.WriteText("ReceiptHandle", entry.ReceiptHandle);
    }

    private static void Write(Utf8JsonWriter json, SendMessageBatchRequestEntry entry)
    {
        json.WriteText("Id", entry.Id);
        json.WriteText("MessageBody", entry.MessageBody);
        json.WriteNumber("DelaySeconds", entry.DelaySeconds);
        json.WriteText("MessageGroupId", entry.MessageGroupId);
        json.WriteAttributes(entry.MessageAttributes);
    }

    private static BatchResultErrorEntry ReadFailed(JsonElement json) =>
        new()
        {
            Code = json.Text("Code"),
            Id = json.Text("Id"),
            Message = json.Text("Message"),
            SenderFault = json.Truth("SenderFault"),
        };

    private static Message ReadMessage(JsonElement json) =>
        new()
        {
            Attributes = json.Map("Attributes"),
            Body = json.Text("Body"),
            MD5OfBody = json.Text("MD5OfBody"),
            MD5OfMessageAttributes = json.Text("MD5OfMessageAttributes"),
            MessageAttributes = json.Attributes(),
            MessageId = json.Text("MessageId"),
            ReceiptHandle = json.Text("ReceiptHandle"),
        };
}
