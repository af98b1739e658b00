using System.Text.Json;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Many deliveries of one endpoint at once: recovered, replayed, cancelled, resumed.</summary>
public abstract class RecoveryTests<TEngine> : EndToEndTest<TEngine>
    where TEngine : IEngine, new()
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Small: an attempt under way must not see its deadline pass, and messages take a moment.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private string Yesterday => Clock.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    [Fact]
    public async Task Recover_AfterAnOutage_DeliversWhatWasNotAndSaysSo()
    {
        var receiver = AddReceiver(404);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var dead = await PostAsync(acme, 15, "DEAD_LETTER");
        receiver.AnswerWith(200);
        var good = await PostAsync(acme, 2, "DELIVERED");

        var counted = await acme.PostAsync(
            endpoint.Path + "/recover",
            $$"""{"since":"{{Yesterday}}","dry_run":true}"""
        );
        Assert.Equal("""{"matched":15,"complete":true}""", counted.Expect(200).Text);
        var began = await acme.PostAsync(
            endpoint.Path + "/recover",
            $$"""{"since":"{{Yesterday}}"}"""
        );
        began.Expect(202);
        Assert.Equal(("recover", "RUNNING"), (began["kind"], began["status"]));
        var path = endpoint.Path + "/recoveries/" + began["recovery_id"];
        Assert.Equal(path, began.Headers["Location"]);

        var ended = await FinishAsync(acme, path);

        Assert.Equal("DONE 15 15 0 0", Summary(ended));
        foreach (var id in dead)
        {
            await DeliveredAsync(acme, id);
            Assert.Equal(2, (await acme.DeliveryAsync(id)).Attempts);
        }

        foreach (var id in good)
        {
            Assert.Equal(1, (await acme.DeliveryAsync(id)).Attempts);
        }

        var listed = (await acme.GetAsync(endpoint.Path + "/recoveries")).Expect(200).Json;
        Assert.Equal(
            began["recovery_id"],
            Assert
                .Single(listed.GetProperty("data").EnumerateArray())
                .GetProperty("recovery_id")
                .GetString()
        );
    }

    [Fact]
    public async Task Recover_WithFilters_TakesWhatPassesAllOfThem()
    {
        var receiver = AddReceiver(404);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        await PostAsync(acme, 2, "DEAD_LETTER");
        await PostAsync(acme, 3, "DEAD_LETTER", """{"type":"invoice.paid"}""");
        receiver.AnswerWith(200);
        await PostAsync(acme, 1, "DELIVERED", """{"type":"invoice.paid"}""");

        Assert.Equal(3, await CountAsync(""" "event_types":["invoice.*"] """));
        Assert.Equal(5, await CountAsync(""" "reasons":["http_status","timeout"] """));
        Assert.Equal(0, await CountAsync(""" "reasons":["timeout"] """));
        Assert.Equal(0, await CountAsync(""" "statuses":["FAILED"] """));
        Assert.Equal(1, await CountAsync(""" "statuses":["DELIVERED"] """));
        Assert.Equal(0, await CountAsync($""" "until":"{Yesterday}" """));

        async Task<int> CountAsync(string members)
        {
            var counted = await acme.PostAsync(
                endpoint.Path + "/recover",
                $$"""{"since":"{{Yesterday}}","dry_run":true,{{members}}}"""
            );
            return counted.Expect(200).Json.GetProperty("matched").GetInt32();
        }
    }

    [Fact]
    public async Task Replay_ToAYoungerEndpoint_DeliversWhatItTakesNow()
    {
        var (old, young) = (AddReceiver(), AddReceiver());
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(old.Url);
        var orders = await PostAsync(acme, 3, "DELIVERED");
        await PostAsync(acme, 2, "DELIVERED", """{"type":"invoice.paid"}""");
        var endpoint = await acme.AddEndpointAsync(young.Url, """ "event_types":["order.*"] """);
        (await acme.PostAsync(endpoint.Path + "/test")).Expect(202);

        var counted = await acme.PostAsync(
            endpoint.Path + "/replay",
            $$"""{"since":"{{Yesterday}}","dry_run":true}"""
        );
        Assert.Equal("""{"matched":3,"complete":true}""", counted.Expect(200).Text);
        var began = await acme.PostAsync(
            endpoint.Path + "/replay",
            $$"""{"since":"{{Yesterday}}"}"""
        );
        var ended = await FinishAsync(acme, began.Expect(202).Headers["Location"]);

        Assert.Equal("DONE 3 3 0 0", Summary(ended));
        await PumpAsync(Step, 10 * Minute, () => Task.FromResult(young.Requests.Count == 4));
        Assert.Equal(
            orders.Order(),
            young
                .Requests.Where(request => request["webhook-event-type"] == "order.created")
                .Select(request => request["webhook-id"]!)
                .Order()
        );
        Assert.Equal(5, old.Requests.Count);
    }

    [Fact]
    public async Task Cancel_OfWhatIsStillToBeMade_LeavesNothingToAttempt()
    {
        var receiver = AddReceiver(404);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url);
        var waiting = await PostAsync(acme, 4, "FAILED");

        var counted = await acme.PostAsync(endpoint.Path + "/cancel", """{"dry_run":true}""");
        Assert.Equal("""{"matched":4,"complete":true}""", counted.Expect(200).Text);
        var began = await acme.PostAsync(endpoint.Path + "/cancel");
        var ended = await FinishAsync(acme, began.Expect(202).Headers["Location"]);

        Assert.Equal("DONE 4 4 0 0", Summary(ended));
        foreach (var id in waiting)
        {
            Assert.Equal("cancelled", (await acme.WaitForAsync(id, "CANCELLED")).LastReason);
        }

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, receiver.Requests.Count);
    }

    [Fact]
    public async Task Enabling_OfAnEndpointWithABacklog_ResumesAllOfItAsARecovery()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "disabled":true """);
        var parked = await PostAsync(acme, 25, "PARKED");

        await acme.SetDisabledAsync(endpoint, false);

        await PumpAsync(
            Step,
            10 * Minute,
            () => Task.FromResult(receiver.Requests.Count >= parked.Count)
        );
        Assert.Equal(
            parked.Order(),
            receiver.Requests.Select(request => request["webhook-id"]!).Order()
        );
        var resume = Assert.Single(
            (await acme.GetAsync(endpoint.Path + "/recoveries"))
                .Expect(200)
                .Json.GetProperty("data")
                .EnumerateArray()
        );
        var path = endpoint.Path + "/recoveries/" + resume.GetProperty("recovery_id").GetString();
        Assert.Equal("resume", resume.GetProperty("kind").GetString());
        if (resume.GetProperty("status").GetString() == "RUNNING")
        {
            Assert.Equal(
                "recovery_not_stoppable",
                (await acme.DeleteAsync(path)).Expect(409)["code"]
            );
        }

        Assert.Equal("DONE 25 25 0 0", Summary(await FinishAsync(acme, path)));
    }

    [Fact]
    public async Task Stop_WhileTheEndpointIsDisabled_EndsIt()
    {
        var receiver = AddReceiver(404);
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(receiver.Url, """ "retry_schedule":[] """);
        var dead = await PostAsync(acme, 1, "DEAD_LETTER");
        await acme.SetDisabledAsync(endpoint, true);
        var began = await acme.PostAsync(
            endpoint.Path + "/recover",
            $$"""{"since":"{{Yesterday}}"}"""
        );
        var path = began.Expect(202).Headers["Location"];
        Assert.Equal("RUNNING", (await acme.GetAsync(path)).Expect(200)["status"]);

        Assert.Equal("CANCELLED", (await acme.DeleteAsync(path)).Expect(200)["status"]);

        Assert.Equal("CANCELLED", (await acme.GetAsync(path)).Expect(200)["status"]);
        await acme.SetDisabledAsync(endpoint, false);
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("DEAD_LETTER", (await acme.DeliveryAsync(dead[0])).Status);
    }

    [Fact]
    public async Task Requests_WithFaults_AreToldAllOfThem()
    {
        var acme = await AddTenantAsync();
        var endpoint = await acme.AddEndpointAsync(AddReceiver().Url);
        var refused = await acme.PostAsync(
            endpoint.Path + "/recover",
            """
            {"until":"soon","statuses":["PARKED","FAILED"],"event_types":["a*b"],
             "reasons":["bad_luck"],"dry_run":"yes","limit":3}
            """
        );
        var faults = refused.Expect(400).Json.GetProperty("errors").EnumerateObject();
        string[] expected =
        [
            "since",
            "until",
            "statuses[0]",
            "event_types[0]",
            "reasons[0]",
            "dry_run",
            "limit",
        ];
        Assert.Equal(expected.Order(), faults.Select(each => each.Name).Order());
        var replay = await acme.PostAsync(
            endpoint.Path + "/replay",
            $$"""{"since":"{{Yesterday}}","statuses":["FAILED"]}"""
        );
        Assert.Equal("validation_failed", replay.Expect(400)["code"]);
    }

    [Fact]
    public async Task Ids_OfAnotherTenant_AreAsUnknownOnes()
    {
        var (acme, other) = (await AddTenantAsync(), await AddTenantAsync("other"));
        var endpoint = await acme.AddEndpointAsync(AddReceiver().Url);
        var began = await acme.PostAsync(endpoint.Path + "/cancel");
        var path = began.Expect(202).Headers["Location"];
        var since = $$"""{"since":"{{Yesterday}}"}""";

        foreach (
            var answer in new[]
            {
                await other.GetAsync(path),
                await other.DeleteAsync(path),
                await other.GetAsync(endpoint.Path + "/recoveries"),
                await other.PostAsync(endpoint.Path + "/recover", since),
                await other.PostAsync(endpoint.Path + "/replay", since),
                await other.PostAsync(endpoint.Path + "/cancel", """{"dry_run":true}"""),
                await acme.GetAsync(endpoint.Path + "/recoveries/rec_unknown"),
            }
        )
        {
            Assert.Equal("not_found", answer.Expect(404)["code"]);
        }
    }

    private static async Task<List<string>> PostAsync(
        TenantUser tenant,
        int count,
        string until,
        string json = """{"type":"order.created","n":1}"""
    )
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await tenant.PostEventAsync(json));
        }

        foreach (var id in ids)
        {
            await tenant.WaitForAsync(id, until);
        }

        return ids;
    }

    private async Task DeliveredAsync(TenantUser tenant, string id) =>
        await PumpAsync(
            Step,
            10 * Minute,
            async () => (await tenant.DeliveryAsync(id)).Status == "DELIVERED"
        );

    private async Task<JsonElement> FinishAsync(TenantUser tenant, string path)
    {
        var found = default(JsonElement);
        await PumpAsync(
            Step,
            10 * Minute,
            async () =>
            {
                found = (await tenant.GetAsync(path)).Expect(200).Json;
                return found.GetProperty("finished_at").ValueKind != JsonValueKind.Null;
            }
        );
        return found;
    }

    private static string Summary(JsonElement recovery) =>
        $"{recovery.GetProperty("status")} {recovery.GetProperty("matched")} {recovery.GetProperty("moved")} {recovery.GetProperty("skipped")} {recovery.GetProperty("failed")}";
}
