using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Aws.Tests;

/// <summary>The proxy fails as it is told to, and otherwise is not there.</summary>
public sealed class FaultProxyTests
{
    [Fact]
    public async Task Forward_WithoutRules_ChangesNothing()
    {
        await using var rig = await QueueRig.CreateAsync();
        var due = await rig.AppendAsync(payload: """{"a":"é\u0000"}""" + "\n\t ");
        await rig.Queue.EnqueueAsync(due, CancellationToken.None);
        var claim = await rig.ReceiveOneAsync();
        Assert.Equal(due[0].Payload!.Value.ToArray(), claim.Due.Payload!.Value.ToArray());
        Assert.Equal(["SendMessage", "ReceiveMessage"], rig.Sqs.Requests.Select(Operation));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Drop_BeforeOrAfter_DecidesWhatTheEmulatorKnows(bool after, int messages)
    {
        await using var rig = await QueueRig.CreateAsync();
        var rule = after ? AwsFault.DropAfter() : AwsFault.DropBefore();
        using var fault = rig.Sqs.On("SendMessage", rule, times: 1);
        using var refusal = rig.Sqs.On("SendMessage", AwsFault.Refuse("Other"));
        refusal.Dispose();
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(async () => await PostAsync(rig, http));
        Assert.Equal((messages, 0, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task Refuse_WithACode_IsTheExceptionOfThatCode()
    {
        await using var rig = await QueueRig.CreateAsync();
        using var sqs = NewClient(rig);
        using var fault = rig.Sqs.On("SendMessage", AwsFault.Refuse("RequestThrottled"), times: 1);
        var request = new SendMessageRequest { QueueUrl = rig.Options.QueueUrl, MessageBody = "a" };
        var exception = await Assert.ThrowsAnyAsync<AmazonServiceException>(() =>
            sqs.SendMessageAsync(request)
        );
        Assert.Equal("RequestThrottled", exception.ErrorCode);
        Assert.Equal((0, 0, 0), await rig.CountAsync());
        await sqs.SendMessageAsync(request);
        Assert.Equal((1, 0, 0), await rig.CountAsync());
    }

    [Fact]
    public async Task FailEntries_OfABatch_AreNotSentAndListedAsFailed()
    {
        await using var rig = await QueueRig.CreateAsync();
        using var sqs = NewClient(rig);
        using var fault = rig.Sqs.On(
            "SendMessageBatch",
            AwsFault.FailEntries(entry => entry["Id"]!.GetValue<string>() == "b", "Broken", true)
        );
        var answer = await sqs.SendMessageBatchAsync(
            new SendMessageBatchRequest
            {
                QueueUrl = rig.Options.QueueUrl,
                Entries = [new("a", "A"), new("b", "B"), new("c", "C")],
            }
        );
        Assert.Equal(["a", "c"], answer.Successful.Select(entry => entry.Id));
        var failed = Assert.Single(answer.Failed);
        Assert.Equal(("b", "Broken", true), (failed.Id, failed.Code, failed.SenderFault));
        Assert.Equal((2, 0, 0), await rig.CountAsync());
    }

    private static string Operation(ProxiedRequest request) => request.Operation;

    private static AmazonSQSClient NewClient(QueueRig rig) =>
        new(
            AwsTables.Credentials,
            new AmazonSQSConfig
            {
                ServiceURL = rig.Sqs.Url,
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );

    private static async Task PostAsync(QueueRig rig, HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, rig.Sqs.Url)
        {
            Content = new StringContent(
                $$"""{"QueueUrl":"{{rig.Options.QueueUrl}}","MessageBody":"a"}"""
            ),
        };
        request.Content.Headers.ContentType = new("application/x-amz-json-1.0");
        request.Headers.Add("X-Amz-Target", "AmazonSQS.SendMessage");
        using var response = await http.SendAsync(request);
    }
}
