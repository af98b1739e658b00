using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Http.Tests;

/// <summary>The response header <c>webhook-delivery</c>, over real HTTP.</summary>
public sealed class DirectiveTests
{
    private const ReceiverDirectives Both =
        ReceiverDirectives.Disable | ReceiverDirectives.AbortMessage;

    [Theory]
    [InlineData("disable", ReceiverDirectives.Disable)]
    [InlineData("abort-message", ReceiverDirectives.AbortMessage)]
    [InlineData("Disable,\tABORT-MESSAGE ", Both)]
    [InlineData("disable, disable,disable", ReceiverDirectives.Disable)]
    [InlineData("later, disable;please, abort-message", ReceiverDirectives.AbortMessage)]
    [InlineData("disabled, abort message, abort-messages", ReceiverDirectives.None)]
    [InlineData("", ReceiverDirectives.None)]
    [InlineData(",,", ReceiverDirectives.None)]
    [InlineData("disable abort-message", ReceiverDirectives.None)]
    public async Task Send_Header_IsAListOfKnownWords(string value, ReceiverDirectives expected) =>
        Assert.Equal(expected, (await AttemptAsync(200, $"webhook-delivery: {value}")).Directives);

    [Theory]
    [InlineData("Webhook-Delivery")]
    [InlineData("WEBHOOK-DELIVERY")]
    public async Task Send_HeaderSeveralTimesInAnyCase_CountsTogether(string name)
    {
        var outcome = await AttemptAsync(
            500,
            $"{name}: disable",
            "webhook-delivery: abort-message"
        );

        Assert.Equal(Both, outcome.Directives);
        Assert.Equal(ReasonCode.Aborted, outcome.Reason);
    }

    [Theory]
    [InlineData(200, ReasonCode.Delivered)]
    [InlineData(204, ReasonCode.Delivered)]
    [InlineData(302, ReasonCode.Aborted)]
    [InlineData(400, ReasonCode.Aborted)]
    [InlineData(410, ReasonCode.EndpointGone)]
    [InlineData(429, ReasonCode.Aborted)]
    [InlineData(503, ReasonCode.Aborted)]
    public async Task Send_AbortMessage_EndsWhatIsNot2xx(int status, ReasonCode reason)
    {
        var outcome = await AttemptAsync(
            status,
            "webhook-delivery: abort-message",
            "Retry-After: 60"
        );

        Assert.Equal((reason, status), (outcome.Reason, outcome.StatusCode));
        Assert.Null(outcome.RetryAfter);
    }

    [Theory]
    [InlineData(429, "Retry-After: 60", ReasonCode.Throttled, 60)]
    [InlineData(503, "Retry-After: 60", ReasonCode.Throttled, 60)]
    [InlineData(500, "Retry-After: 60", ReasonCode.HttpStatus, null)]
    public async Task Send_Disable_ChangesNothingOfTheOutcome(
        int status,
        string header,
        ReasonCode reason,
        int? seconds
    )
    {
        var outcome = await AttemptAsync(status, "webhook-delivery: disable", header);

        Assert.Equal(reason, outcome.Reason);
        Assert.Equal(seconds, outcome.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Send_AbortMessageOfAReceiverThatCannotCope_OpensTheBreaker(int status)
    {
        await using var receiver = WireReceiver.Start();
        receiver.Answer = _ =>
            Task.FromResult(WireReceiver.Status(status, "webhook-delivery: abort-message"));
        using var rig = new SenderRig();
        var request = SenderRig.Request(receiver.Url);
        for (var i = 0; i < SenderRig.Loopback.BreakerThroughputMin; i++)
        {
            await rig.AttemptAsync(request);
        }

        Assert.IsType<SendResult.Postponed>(
            await rig.Sender.SendAsync(request, TestContext.Current.CancellationToken)
        );
    }

    private static async Task<AttemptOutcome> AttemptAsync(int status, params string[] headers)
    {
        await using var receiver = WireReceiver.Start();
        receiver.Answer = _ => Task.FromResult(WireReceiver.Status(status, headers));
        using var rig = new SenderRig();
        return await rig.AttemptAsync(receiver.Url);
    }
}
