using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Testing;

namespace AwsStandIns.Tests.Sqs;

/// <summary>What goes over the wire, and what is made of answers that the emulator never gives.</summary>
public sealed class WireTests
{
    private const string Queue = "https://sqs.us-east-1.amazonaws.com/000000000000/q";

    [Fact]
    public async Task Request_IsSignedAwsJson()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Json(200, Sent("hi")));
        using var sqs = At(stub);

        await sqs.SendMessageAsync(new() { QueueUrl = Queue, MessageBody = "hi" });

        var request = Assert.Single(stub.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/", request.Target);
        Assert.Equal("AmazonSQS.SendMessage", request.Headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.0", request.Headers["Content-Type"]);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(request.Body)),
            request.Headers["x-amz-content-sha256"]
        );
        var signature = request.Headers["Authorization"];
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=test-key/", signature);
        Assert.Contains("/us-east-1/sqs/aws4_request", signature);
        Assert.Contains("x-amz-target", signature);
        Assert.Equal(
            $$"""{"QueueUrl":"{{Queue}}","MessageBody":"hi"}""",
            Encoding.UTF8.GetString(request.Body)
        );
    }

    [Fact]
    public async Task Body_IsEscapedNoMoreThanJsonDemands()
    {
        const string body = "{\"text\":\"ä <b>&'+ 日本 😀 \u2028\u007f\\\"}\n";
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Json(200, Sent(body)));
        using var sqs = At(stub);

        await sqs.SendMessageAsync(new() { QueueUrl = Queue, MessageBody = body });

        Assert.EndsWith(
            ",\"MessageBody\":\"{\\\"text\\\":\\\"ä <b>&'+ 日本 😀 \u2028\u007f\\\\\\\"}\\n\"}",
            Encoding.UTF8.GetString(Assert.Single(stub.Requests).Body),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Body_BeyondTheBasicPlane_RoundTrips()
    {
        var body = string.Concat(
            Enumerable
                .Range(0x10000, 0x400)
                .Append(0x1F600)
                .Append(0x10FFFF)
                .Select(char.ConvertFromUtf32)
        );
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.Answer = request => Task.FromResult(Echo(request));
        using var sqs = At(stub);

        await sqs.SendMessageAsync(new() { QueueUrl = Queue, MessageBody = body });
        var received = await sqs.ReceiveMessageAsync(new() { QueueUrl = body });

        Assert.Equal(body, Assert.Single(received.Messages).Body, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    [InlineData(400, "RequestThrottled")]
    [InlineData(400, "ThrottlingException")]
    public async Task PassingFault_IsTriedAgain(int status, string fault)
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Refusal(status, fault), Refusal(status, fault), Json(200, Sent("hi")));
        using var sqs = At(stub);

        var sent = await sqs.SendMessageAsync(new() { QueueUrl = Queue, MessageBody = "hi" });

        Assert.Equal("m-1", sent.MessageId);
        Assert.Equal(3, stub.Requests.Count);
        Assert.Equal(stub.Requests[0].Body, stub.Requests[2].Body);
    }

    [Fact]
    public async Task Throttling_ThatLasts_ThrowsRequestThrottled()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Refusal(400, "RequestThrottled"));
        using var sqs = SqsClients.At(stub.Url.GetLeftPart(UriPartial.Authority), retries: 1);

        var refused = await Assert.ThrowsAsync<RequestThrottledException>(() =>
            sqs.SendMessageAsync(new() { QueueUrl = Queue, MessageBody = "hi" })
        );

        Assert.Equal("RequestThrottled", refused.ErrorCode);
        Assert.Equal(2, stub.Requests.Count);
    }

    [Theory]
    [InlineData("OverLimit", typeof(OverLimitException))]
    [InlineData("PurgeQueueInProgress", typeof(PurgeQueueInProgressException))]
    [InlineData("ReceiptHandleIsInvalid", typeof(ReceiptHandleIsInvalidException))]
    [InlineData("MessageNotInflight", typeof(MessageNotInflightException))]
    [InlineData("SomethingElse", typeof(AmazonSQSException))]
    public async Task Refusal_ThrowsItsException(string fault, Type expected)
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Refusal(400, fault));
        using var sqs = At(stub);

        var refused = await Assert.ThrowsAsync(
            expected,
            () => sqs.PurgeQueueAsync(new() { QueueUrl = Queue })
        );

        var service = Assert.IsType<AmazonSQSException>(refused, exactMatch: false);
        Assert.Equal(fault, service.ErrorCode);
        Assert.Equal("as told", service.Message);
        Assert.Equal("r-1", service.RequestId);
        Assert.Equal(HttpStatusCode.BadRequest, service.StatusCode);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task DeleteMessageBatch_FailedEntries_AreGiven()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(
            Json(200, """{"Failed":[{"Id":"a","Code":"InternalError","SenderFault":false}]}""")
        );
        using var sqs = At(stub);

        var answer = await sqs.DeleteMessageBatchAsync(
            new() { QueueUrl = Queue, Entries = [new() { Id = "a", ReceiptHandle = "r" }] }
        );

        var failed = Assert.Single(answer.Failed);
        Assert.Equal("InternalError", failed.Code);
        Assert.False(failed.SenderFault);
        Assert.Null(failed.Message);
        Assert.Null(answer.Successful);
    }

    [Fact]
    public async Task EmptyAnswers_AreAnswers()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(new StubAnswer(200), Json(200, "{}"));
        using var sqs = At(stub);

        await sqs.DeleteMessageAsync(new() { QueueUrl = Queue, ReceiptHandle = "r" });
        var received = await sqs.ReceiveMessageAsync(new() { QueueUrl = Queue });

        Assert.Null(received.Messages);
        // An answer that cannot be read would be asked for again.
        Assert.Equal(2, stub.Requests.Count);
    }

    [Fact]
    public async Task SendMessage_OtherMd5_IsRefused()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Json(200, Sent("another body")));
        using var sqs = At(stub);

        await Assert.ThrowsAsync<AmazonSQSException>(() =>
            sqs.SendMessageAsync(new() { QueueUrl = Queue, MessageBody = "hi" })
        );
    }

    [Fact]
    public async Task SendMessageBatch_OtherMd5_IsRefused()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(
            Json(
                200,
                $$"""{"Successful":[{"Id":"a","MessageId":"m-1","MD5OfMessageBody":"{{Md5("another body")}}"}]}"""
            )
        );
        using var sqs = At(stub);

        await Assert.ThrowsAsync<AmazonSQSException>(() =>
            sqs.SendMessageBatchAsync(
                new() { QueueUrl = Queue, Entries = [new() { Id = "a", MessageBody = "hi" }] }
            )
        );
    }

    [Fact]
    public async Task ReceiveMessage_OtherMd5_IsRefused()
    {
        await using var stub = await TenantEndpointStub.StartAsync();
        stub.AnswerWith(Json(200, Received("hi", Md5("another body"))));
        using var sqs = At(stub);

        await Assert.ThrowsAsync<AmazonSQSException>(() =>
            sqs.ReceiveMessageAsync(new() { QueueUrl = Queue })
        );
    }

    private static AmazonSQSClient At(TenantEndpointStub stub) =>
        SqsClients.At(stub.Url.GetLeftPart(UriPartial.Authority));

    // Answers a receipt with the queue's name as the body: what came in goes out.
    private static StubAnswer Echo(ReceivedRequest request)
    {
        using var json = JsonDocument.Parse(request.Body);
        return json.RootElement.TryGetProperty("MessageBody", out var body)
            ? Json(200, Sent(body.GetString()!))
            : Json(
                200,
                Received(
                    json.RootElement.GetProperty("QueueUrl").GetString()!,
                    Md5(json.RootElement.GetProperty("QueueUrl").GetString()!)
                )
            );
    }

    private static string Sent(string body) =>
        $$"""{"MessageId":"m-1","MD5OfMessageBody":"{{Md5(body)}}"}""";

    private static string Received(string body, string md5) =>
        $$"""{"Messages":[{"MessageId":"m-1","Body":{{JsonSerializer.Serialize(body)}},"MD5OfBody":"{{md5}}"}]}""";

    private static StubAnswer Refusal(int status, string fault) =>
        Json(status, $$"""{"__type":"com.amazonaws.sqs#{{fault}}","message":"as told"}""");

    private static StubAnswer Json(int status, string json) =>
        new(status)
        {
            Body = Encoding.UTF8.GetBytes(json),
            Headers =
            [
                new("Content-Type", "application/x-amz-json-1.0"),
                new("x-amzn-RequestId", "r-1"),
            ],
        };

#pragma warning disable CA5351 // SQS knows no other digest.
    private static string Md5(string body) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
}
