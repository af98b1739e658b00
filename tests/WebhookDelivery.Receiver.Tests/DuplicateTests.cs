using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Receiver.Tests;

public sealed class DuplicateTests
{
    [Fact]
    public async Task Duplicate_OfAProcessedWebhook_IsAcknowledgedWithoutTheHandler()
    {
        await using var app = await ReceiverApp.StartAsync();

        var first = await app.SendAsync(app.Delivery());
        var second = await app.SendAsync(app.Delivery(attempt: 2));
        var other = await app.SendAsync(app.Delivery("evt_2"));

        Assert.Equal((204, 200, 204), (first.Status, second.Status, other.Status));
        Assert.Equal("""{"duplicate":true}""", second.Body);
        Assert.Equal(["evt_1", "evt_2"], app.Handled.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task Duplicate_WithAnotherBody_IsRefusedUnlessSigned()
    {
        await using var app = await ReceiverApp.StartAsync();
        await app.SendAsync(app.Delivery());

        Assert.Equal(401, (await app.SendAsync(app.Delivery().WithBody("{}"))).Status);
    }

    [Fact]
    public async Task Retry_AfterTheHandlerThrew_RunsTheHandlerAgain()
    {
        var calls = 0;
        await using var app = await ReceiverApp.StartAsync(
            (_, _) =>
                ++calls == 1
                    ? throw new InvalidOperationException("database down")
                    : Task.FromResult(WebhookReply.Processed)
        );

        var first = await app.SendAsync(app.Delivery());
        var retry = await app.SendAsync(app.Delivery(attempt: 2));
        var duplicate = await app.SendAsync(app.Delivery(attempt: 3));

        Assert.Equal((500, "handler_failed"), (first.Status, first.Code));
        Assert.DoesNotContain("database", first.Body, StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, line => line.Contains("database down"));
        Assert.Equal((204, 200), (retry.Status, duplicate.Status));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Retry_AfterTheHandlerReturnedAFailure_RunsTheHandlerAgain()
    {
        var replies = new Queue<WebhookReply>([
            WebhookReply.Failed(418),
            WebhookReply.Later(TimeSpan.FromSeconds(1.5)),
            WebhookReply.Gone,
            WebhookReply.Processed,
        ]);
        await using var app = await ReceiverApp.StartAsync(
            (_, _) => Task.FromResult(replies.Dequeue())
        );

        var answers = new List<Answer>();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            answers.Add(await app.SendAsync(app.Delivery(attempt: attempt)));
        }

        Assert.Equal([418, 503, 410, 204, 200], answers.Select(answer => answer.Status));
        Assert.Equal(TimeSpan.FromSeconds(2), answers[1].Response.Headers.RetryAfter?.Delta);
        Assert.Equal(4, app.Handled.Count);
    }

    [Fact]
    public async Task Duplicate_WhileTheFirstIsHandled_Gets409AndTheHandlerRunsOnce()
    {
        var release = new TaskCompletionSource<WebhookReply>();
        var entered = new TaskCompletionSource();
        await using var app = await ReceiverApp.StartAsync(
            (_, _) =>
            {
                entered.TrySetResult();
                return release.Task;
            }
        );

        var first = app.SendAsync(app.Delivery());
        await entered.Task.WaitAsync(Deliveries.Patience);
        var second = await app.SendAsync(app.Delivery(attempt: 2));
        release.SetResult(WebhookReply.Processed);

        Assert.Equal((409, "in_progress"), (second.Status, second.Code));
        Assert.NotNull(second.Response.Headers.RetryAfter);
        Assert.Equal(204, (await first).Status);
        Assert.Equal(200, (await app.SendAsync(app.Delivery(attempt: 3))).Status);
        Assert.Single(app.Handled);
    }

    [Fact]
    public async Task Deliveries_ManyAtOnceOfOneWebhook_RunTheHandlerOnce()
    {
        await using var app = await ReceiverApp.StartAsync(
            async (_, _) =>
            {
                await Task.Yield();
                return WebhookReply.Processed;
            }
        );

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 32).Select(i => app.SendAsync(app.Delivery(attempt: i)))
        );

        Assert.Single(app.Handled);
        Assert.Single(answers, answer => answer.Status == 204);
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 204, 200, 409 }));
    }

    [Fact]
    public async Task SenderGone_HandlerFinishesAnyway_TheRetryIsADuplicate()
    {
        var entered = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        var release = new TaskCompletionSource<WebhookReply>();
        var log = new SignallingLog();
        await using var app = await ReceiverApp.StartAsync(
            (_, cancellationToken) =>
            {
                cancellationToken.Register(gone.SetResult);
                entered.SetResult();
                return release.Task;
            },
            services: services => services.AddSingleton<IReceivedWebhookLog>(log)
        );
        using var abort = new CancellationTokenSource();

        var first = app.Client.SendAsync(app.Delivery(), abort.Token);
        await entered.Task.WaitAsync(Deliveries.Patience);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await gone.Task.WaitAsync(Deliveries.Patience);
        release.SetResult(WebhookReply.Processed);
        await log.Completed.Task.WaitAsync(Deliveries.Patience);

        Assert.Equal(200, (await app.SendAsync(app.Delivery(attempt: 2))).Status);
        Assert.Single(app.Handled);
    }

    [Fact]
    public async Task SenderGone_HandlerGivesUp_TheRetryIsHandled()
    {
        var entered = new TaskCompletionSource();
        var calls = 0;
        var log = new SignallingLog();
        await using var app = await ReceiverApp.StartAsync(
            async (_, cancellationToken) =>
            {
                if (++calls == 1)
                {
                    entered.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                return WebhookReply.Processed;
            },
            services: services => services.AddSingleton<IReceivedWebhookLog>(log)
        );
        using var abort = new CancellationTokenSource();

        var first = app.Client.SendAsync(app.Delivery(), abort.Token);
        await entered.Task.WaitAsync(Deliveries.Patience);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await log.Released.Task.WaitAsync(Deliveries.Patience);

        Assert.Equal(204, (await app.SendAsync(app.Delivery(attempt: 2))).Status);
    }

    [Fact]
    public async Task Duplicate_WhereTheHandlerWantsThem_RunsItMarkedAsDuplicate()
    {
        await using var app = await ReceiverApp.StartAsync(
            (webhook, _) =>
                Task.FromResult(
                    webhook.Attempt == 2 ? WebhookReply.Failed() : WebhookReply.Processed
                ),
            configure: options => options.RunHandlerForDuplicates = true
        );

        var first = await app.SendAsync(app.Delivery(attempt: 1));
        var second = await app.SendAsync(app.Delivery(attempt: 2));
        var third = await app.SendAsync(app.Delivery(attempt: 3));

        Assert.Equal((204, 500, 200), (first.Status, second.Status, third.Status));
        Assert.Equal([false, true, true], app.Handled.Select(webhook => webhook.IsDuplicate));
    }

    [Fact]
    public async Task OneEventToTwoRoutes_IsHandledByBoth()
    {
        var others = 0;
        await using var app = await ReceiverApp.StartAsync(map: endpoints =>
            endpoints.MapWebhook(
                "/others",
                (_, _) =>
                {
                    others++;
                    return Task.CompletedTask;
                }
            )
        );

        Assert.Equal(204, (await app.SendAsync(app.Delivery())).Status);
        Assert.Equal(204, (await app.SendAsync(app.Delivery(path: "/others"))).Status);
        Assert.Equal(200, (await app.SendAsync(app.Delivery(path: "/others"))).Status);
        Assert.Equal(1, others);
    }

    [Fact]
    public async Task OneEventToTwoPathsOfOnePattern_IsHandledByBoth()
    {
        await using var app = await StartWithCustomersAsync();

        Assert.Equal(204, await StatusAsync(app, "/hooks/a"));
        Assert.Equal(204, await StatusAsync(app, "/hooks/b"));
        Assert.Equal(200, await StatusAsync(app, "/hooks/a"));
        Assert.Equal(200, await StatusAsync(app, "/hooks/b"));
    }

    [Fact]
    public async Task OneEventToTwoPathsAtOnce_NeitherIsInProgressForTheOther()
    {
        var release = new TaskCompletionSource<WebhookReply>();
        var entered = new SemaphoreSlim(0);
        await using var app = await StartWithCustomersAsync(() =>
        {
            entered.Release();
            return release.Task;
        });

        var both = Task.WhenAll(StatusAsync(app, "/hooks/a"), StatusAsync(app, "/hooks/b"));
        var first = await entered.WaitAsync(Deliveries.Patience);
        var second = await entered.WaitAsync(TimeSpan.FromSeconds(10));
        release.SetResult(WebhookReply.Processed);

        Assert.True(first && second, "Only one of the two was handled.");
        Assert.All(await both, status => Assert.Equal(204, status));
    }

    [Fact]
    public async Task OneEventToPathsThatRoutingTakesForOne_IsADuplicate()
    {
        await using var app = await StartWithCustomersAsync();

        Assert.Equal(204, await StatusAsync(app, "/hooks/a"));
        Assert.Equal(200, await StatusAsync(app, "/HOOKS/a"));
        Assert.Equal(200, await StatusAsync(app, "/hooks/a/"));
        Assert.Equal(200, await StatusAsync(app, "/hooks/%61?again=1"));
    }

    [Fact]
    public async Task OneEventToTwoCustomersThatDifferInCase_IsHandledByBoth()
    {
        await using var app = await StartWithCustomersAsync();

        Assert.Equal(204, await StatusAsync(app, "/hooks/a"));
        Assert.Equal(204, await StatusAsync(app, "/hooks/A"));
    }

    [Fact]
    public async Task OneEventToTwoGroupsOrPathBases_IsHandledByEach()
    {
        await using var app = await ReceiverApp.StartAsync(map: endpoints =>
        {
            var application = (IApplicationBuilder)endpoints;
            application.UsePathBase("/base").UsePathBase("/other").UseRouting();
            foreach (var group in new[] { "/g1", "/g2" })
            {
                endpoints
                    .MapGroup(group)
                    .MapWebhook("/hook", (_, _) => Task.FromResult(WebhookReply.Processed));
            }
        });

        Assert.Equal(204, await StatusAsync(app, "/g1/hook"));
        Assert.Equal(204, await StatusAsync(app, "/g2/hook"));
        Assert.Equal(204, await StatusAsync(app, "/base/g1/hook"));
        Assert.Equal(204, await StatusAsync(app, "/other/g1/hook"));
        Assert.Equal(200, await StatusAsync(app, "/Base/g1/hook"));
    }

    private static Task<ReceiverApp> StartWithCustomersAsync(
        Func<Task<WebhookReply>>? handler = null
    ) =>
        ReceiverApp.StartAsync(map: endpoints =>
            endpoints.MapWebhook(
                "/hooks/{customer}",
                (_, _) => handler?.Invoke() ?? Task.FromResult(WebhookReply.Processed)
            )
        );

    private static async Task<int> StatusAsync(ReceiverApp app, string path) =>
        (await app.SendAsync(app.Delivery(path: path))).Status;

    /// <summary>The in-memory log, telling when a claim was settled.</summary>
    private sealed class SignallingLog : IReceivedWebhookLog
    {
        private readonly InMemoryReceivedWebhookLog _log = InMemoryLogTests.Make(100);

        public TaskCompletionSource Completed { get; } = new();

        public TaskCompletionSource Released { get; } = new();

        public ValueTask<WebhookClaim> ClaimAsync(
            WebhookKey key,
            CancellationToken cancellationToken
        ) => _log.ClaimAsync(key, cancellationToken);

        public async ValueTask CompleteAsync(WebhookKey key)
        {
            await _log.CompleteAsync(key);
            Completed.TrySetResult();
        }

        public async ValueTask ReleaseAsync(WebhookKey key)
        {
            await _log.ReleaseAsync(key);
            Released.TrySetResult();
        }
    }
}
