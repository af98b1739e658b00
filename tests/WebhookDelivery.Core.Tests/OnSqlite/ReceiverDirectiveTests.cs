using System.Text;

namespace WebhookDelivery.Core.Tests;

/// <summary>What comes of what a receiver asks for, and what is recorded of its answer.</summary>
public sealed class ReceiverDirectiveTests
{
    [Theory]
    [InlineData(200, DeliveryStatus.Delivered)]
    [InlineData(500, DeliveryStatus.Failed)]
    [InlineData(429, DeliveryStatus.Failed)]
    public async Task Run_AskedToDisable_DisablesAndTheDeliveryGoesItsWay(
        int status,
        DeliveryStatus expected
    )
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        core.Sender.Script = (_, _) => new(Answer(status, ReceiverDirectives.Disable));
        var id = await core.PostAsync();
        await core.RunNextAsync();

        Assert.Equal(expected, (await core.DeliveryOfAsync(id)).Status);
        Assert.Equal((true, ReasonCode.DisabledByReceiver), await StateAsync(core, endpoint));
        if (expected == DeliveryStatus.Failed)
        {
            core.Time.Advance(TimeSpan.FromMinutes(1));
            await core.RunNextAsync();
            Assert.Equal(DeliveryStatus.Parked, (await core.DeliveryOfAsync(id)).Status);
        }

        Assert.Single(core.Sender.Requests);
    }

    [Fact]
    public async Task Run_AskedToDisableByAnUrlThatWasCorrectedMeanwhile_LeavesTheEndpoint()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        await core.PostAsync();
        core.Sender.Script = async (_, cancellation) =>
        {
            await core.Endpoints.UpdateAsync(
                endpoint.Key,
                new EndpointPatch { Url = "https://moved.example/" },
                cancellation
            );
            return Answer(200, ReceiverDirectives.Disable);
        };
        await core.RunNextAsync();

        Assert.Equal((false, null), await StateAsync(core, endpoint));
    }

    [Fact]
    public async Task Run_AskedToDisableByAStaleAttempt_DisablesAllTheSame()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        var id = await core.PostAsync();
        core.Sender.Script = async (_, cancellation) =>
        {
            await core.Get<Redeliverer>()
                .RedeliverAsync(endpoint.Key.TenantId, id, null, cancellation);
            return Answer(500, ReceiverDirectives.Disable);
        };
        await core.RunNextAsync();

        var delivery = await core.DeliveryOfAsync(id);
        Assert.Equal((DeliveryStatus.Pending, 2), (delivery.Status, delivery.Generation));
        Assert.Equal((true, ReasonCode.DisabledByReceiver), await StateAsync(core, endpoint));
    }

    [Fact]
    public async Task Run_AskedToAbort_DeadLettersAtOnceAndLeavesTheEndpoint()
    {
        await using var core = new CoreOnSqlite();
        var endpoint = await core.AddTenantAsync();
        core.Sender.Script = (_, _) =>
            new(Answer(422, ReceiverDirectives.AbortMessage, ReasonCode.Aborted));
        var id = await core.PostAsync();
        await core.RunNextAsync();

        var dead = await core.DeliveryOfAsync(id);
        Assert.Equal(
            (DeliveryStatus.DeadLetter, ReasonCode.Aborted, 1),
            (dead.Status, dead.LastReason, dead.Attempts)
        );
        Assert.Equal((false, null), await StateAsync(core, endpoint));
        core.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(await core.NothingDueAsync());
    }

    [Fact]
    public async Task Run_ReceiverGivesBackWhatItGot_IsRecordedWithoutIt()
    {
        await using var core = new CoreOnSqlite();
        const string payload = """{"type":"order.created","card":"4000123412341234"}""";
        await core.AddTenantAsync(
            endpoint: new EndpointDraft
            {
                Url = "https://acme.example/hook?token=url-token-1",
                Headers = [new("Authorization", "Bearer header-1")],
                Secret = Sample.Secret("a secret of the tenant"),
            }
        );
        core.Sender.Script = (request, _) =>
            new(
                new SendResult.Attempted(
                    new AttemptOutcome
                    {
                        Reason = ReasonCode.HttpStatus,
                        StatusCode = 400,
                        ResponseExcerpt = Encoding.UTF8.GetBytes(
                            $"{request.Url.Query} a secret of the tenant {payload}"
                        ),
                        ResponseHeaders = ResponseHeaders.OfLines(
                            Encoding.UTF8.GetBytes(
                                string.Concat(
                                    request.Headers.Select(each => $"X-{each.Key}: {each.Value}\n")
                                )
                            )
                        ),
                    }
                )
            );
        var id = await core.PostAsync(payload);
        await core.RunNextAsync();

        var attempts = await core.Store.ListAttemptsAsync(
            CoreOnSqlite.Acme,
            id,
            CoreOnSqlite.Cancellation
        );
        var outcome = Assert.Single(attempts).Outcome;
        Assert.Equal("?[redacted]", Encoding.UTF8.GetString(outcome.ResponseExcerpt.Span));
        Assert.Equal(
            "[redacted]",
            outcome.ResponseHeaders.Read().Single(each => each.Key == "X-Authorization").Value
        );
        Assert.Equal(
            id.ToString(),
            outcome.ResponseHeaders.Read().Single(each => each.Key == "X-webhook-id").Value
        );
    }

    private static SendResult.Attempted Answer(
        int status,
        ReceiverDirectives directives,
        ReasonCode? reason = null
    )
    {
        var answer = (SendResult.Attempted)ScriptedSender.Answer(status);
        return new(
            answer.Outcome with
            {
                Reason = reason ?? answer.Outcome.Reason,
                Directives = directives,
            }
        );
    }

    private static async Task<(bool Disabled, ReasonCode? Why)> StateAsync(
        CoreOnSqlite core,
        Endpoint endpoint
    )
    {
        var stored = await core.Get<ITenantStore>()
            .FindEndpointAsync(endpoint.Key, CoreOnSqlite.Cancellation);
        return (stored!.Disabled, stored.DisabledReason);
    }
}
