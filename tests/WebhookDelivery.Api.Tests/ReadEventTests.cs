using System.Text.RegularExpressions;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed partial class ReadEventTests(TestApi api)
{
    [Fact]
    public async Task Get_FailedDelivery_ShowsWhereItStands()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = await tenant.NewEndpointAsync();
        var id = await tenant.NewEventAsync();
        await tenant.RecordAttemptAsync(
            id,
            endpoint.Text("endpoint_id"),
            DeliveryStatus.Failed,
            new AttemptOutcome { Reason = ReasonCode.HttpStatus, StatusCode = 500 }
        );

        var body = await tenant.GetAsync($"/v1/events/{id}");

        Assert.Equal("FAILED", body.Text("status"));
        Assert.Equal("live", body.Text("source"));
        Assert.Matches(Rfc3339Millis(), body.Text("created_at"));
        Assert.Equal("order.created", body.GetProperty("payload").Text("type"));
        var delivery = Assert.Single(body.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(endpoint.Text("endpoint_id"), delivery.Text("endpoint_id"));
        Assert.Equal(endpoint.Text("url"), delivery.Text("url"));
        Assert.Equal("FAILED", delivery.Text("status"));
        Assert.Equal(1, delivery.GetProperty("attempts").GetInt32());
        Assert.Matches(Rfc3339Millis(), delivery.Text("last_attempt_at"));
        Assert.Matches(Rfc3339Millis(), delivery.Text("next_attempt_at"));
        Assert.Equal(500, delivery.GetProperty("last_status_code").GetInt32());
        Assert.Equal("http_status", delivery.Text("last_reason"));
    }

    [Fact]
    public async Task Get_EndpointDeleted_StillShowsItsUrl()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = await tenant.NewEndpointAsync();
        var id = await tenant.NewEventAsync();
        await tenant.SendAsync(
            HttpMethod.Delete,
            $"/v1/endpoints/{endpoint.Text("endpoint_id")}",
            null,
            204
        );

        var body = await tenant.GetAsync($"/v1/events/{id}");

        var delivery = Assert.Single(body.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(endpoint.Text("url"), delivery.Text("url"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/payload")]
    [InlineData("/attempts")]
    public async Task Get_ForeignUnknownAndMalformedId_AnswerTheSameBytes(string rest)
    {
        var owner = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var foreign = await owner.NewEventAsync();
        var unknown = new EventId(Guid.CreateVersion7()).ToString();
        var answers = new HashSet<string>();
        string[] ids =
        [
            foreign,
            unknown,
            "evt_",
            "nonsense",
            "%ff",
            "..%2f..%2fetc",
            new string('x', 4000),
            foreign.ToUpperInvariant(),
        ];
        foreach (var id in ids)
        {
            using var answer = await other.Http.GetAsync($"/v1/events/{id}{rest}");
            await answer.AssertProblemAsync(404, "not_found");
            answers.Add(await answer.Content.ReadAsStringAsync());
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task Attempts_AreListedOldestFirstWithSafeAnswers()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewEventAsync();
        await tenant.RecordAttemptAsync(
            id,
            endpoint,
            DeliveryStatus.Failed,
            new AttemptOutcome
            {
                Reason = ReasonCode.HttpStatus,
                StatusCode = 503,
                Duration = TimeSpan.FromMilliseconds(1234.5),
                ResponseExcerpt = new byte[] { (byte)'o', 0xff, 0x1b, (byte)'k', 0 },
                ResponseHeaders = ResponseHeaders.OfLines(
                    "Server: nginx\nX-A: 1\nx-a: \"2\"\n"u8.ToArray()
                ),
            }
        );
        await tenant.RecordAttemptAsync(
            id,
            endpoint,
            DeliveryStatus.DeadLetter,
            new AttemptOutcome { Reason = ReasonCode.Timeout },
            number: 2
        );

        var attempts = (await tenant.GetAsync($"/v1/events/{id}/attempts")).Data();

        Assert.Equal(2, attempts.Count);
        Assert.Equal(endpoint, attempts[0].Text("endpoint_id"));
        Assert.Equal(1, attempts[0].GetProperty("generation").GetInt32());
        Assert.Equal(1, attempts[0].GetProperty("attempt").GetInt32());
        Assert.Matches(Rfc3339Millis(), attempts[0].Text("started_at"));
        Assert.Equal(1234, attempts[0].GetProperty("duration_ms").GetInt32());
        Assert.Equal(503, attempts[0].GetProperty("status_code").GetInt32());
        Assert.Equal("http_status", attempts[0].Text("reason"));
        Assert.Equal("o\ufffd\u001bk\0", attempts[0].Text("response_excerpt"));
        Assert.Equal("o\ufffd\u001bk\0", attempts[0].Text("response_body"));
        var headers = attempts[0].GetProperty("response_headers");
        Assert.Equal(["Server", "X-A"], headers.EnumerateObject().Select(each => each.Name));
        Assert.Equal(("nginx", "1, \"2\""), (headers.Text("Server"), headers.Text("X-A")));
        Assert.Equal("{}", attempts[1].GetProperty("response_headers").GetRawText());
        Assert.Equal("", attempts[1].Text("response_body"));
        Assert.Equal("timeout", attempts[1].Text("reason"));
        Assert.Equal("", attempts[1].Text("response_excerpt"));
        var raw = await tenant.Http.GetStringAsync($"/v1/events/{id}/attempts");
        Assert.DoesNotContain('\u001b', raw);
    }

    [Fact]
    public async Task Attempts_ArePagedOldestFirst()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewEventAsync();
        await FailAsync(tenant, id, endpoint, first: 1, last: 52);
        var path = $"/v1/events/{id}/attempts";

        var byDefault = await tenant.GetAsync(path);
        var rest = await tenant.GetAsync($"{path}?cursor={byDefault.Text("next_cursor")}");
        var found = new List<int>();
        string? cursor = null;
        do
        {
            var page = await tenant.GetAsync(
                $"{path}?limit=20" + (cursor is null ? "" : "&cursor=" + cursor)
            );
            Assert.InRange(page.Data().Count, 1, 20);
            found.AddRange(page.Data().Select(item => item.GetProperty("attempt").GetInt32()));
            cursor = page.Text("next_cursor");
        } while (cursor is not null);

        Assert.Equal(50, byDefault.Data().Count);
        Assert.Equal(2, rest.Data().Count);
        Assert.Null(rest.Text("next_cursor"));
        Assert.Equal(Enumerable.Range(1, 52), found);
    }

    [Fact]
    public async Task Attempts_OfTheSameMomentOrRecordedLate_ShowNoAttemptTwice()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var slow = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewEventAsync();
        var start = DateTimeOffset.UtcNow;
        await FailAsync(tenant, id, endpoint, first: 1, last: 4, start);
        var path = $"/v1/events/{id}/attempts?limit=2";

        var first = await tenant.GetAsync(path);
        await FailAsync(tenant, id, slow, first: 1, last: 1, start.AddSeconds(-30));
        await FailAsync(tenant, id, endpoint, first: 5, last: 5, start);
        var second = await tenant.GetAsync($"{path}&cursor={first.Text("next_cursor")}");
        var third = await tenant.GetAsync($"{path}&cursor={second.Text("next_cursor")}");

        Assert.Equal(
            [1, 2, 3, 4, 5],
            new[] { first, second, third }.SelectMany(page =>
                page.Data().Select(item => item.GetProperty("attempt").GetInt32())
            )
        );
        Assert.Null(third.Text("next_cursor"));
    }

    [Fact]
    public async Task Attempts_BadLimitOrCursorOfAnotherList_AreRefused()
    {
        var tenant = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewEventAsync();
        var sibling = await tenant.NewEventAsync();
        await FailAsync(tenant, id, endpoint, first: 1, last: 2);
        var cursor = (await tenant.GetAsync($"/v1/events/{id}/attempts?limit=1")).Text(
            "next_cursor"
        );

        async Task RefusedAsync(string path, string code, params string[] members)
        {
            using var answer = await tenant.Http.GetAsync(path);
            await answer.AssertProblemAsync(400, code, members);
        }

        await RefusedAsync($"/v1/events/{id}/attempts?limit=0", "validation_failed", "limit");
        await RefusedAsync(
            $"/v1/events/{id}/attempts?limit=101&cursor=x",
            "validation_failed",
            "limit",
            "cursor"
        );
        await RefusedAsync($"/v1/events/{id}/attempts?cursor=x", "invalid_cursor", "cursor");
        await RefusedAsync(
            $"/v1/events/{sibling}/attempts?cursor={cursor}",
            "invalid_cursor",
            "cursor"
        );
        await RefusedAsync($"/v1/events?cursor={cursor}", "invalid_cursor", "cursor");
        using var foreign = await other.Http.GetAsync($"/v1/events/{id}/attempts?cursor={cursor}");
        await foreign.AssertProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task List_PagesThroughEverythingNewestFirst()
    {
        var tenant = await api.NewTenantAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await tenant.NewEventAsync());
            await Task.Delay(2);
        }

        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = await tenant.GetAsync(
                "/v1/events?limit=2" + (cursor is null ? "" : "&cursor=" + cursor)
            );
            Assert.InRange(page.Data().Count, 1, 2);
            Assert.All(page.Data(), item => Assert.False(item.TryGetProperty("payload", out _)));
            found.AddRange(page.Data().Select(item => item.Text("event_id")));
            cursor = page.Text("next_cursor");
        } while (cursor is not null);

        Assert.Equal(ids.AsEnumerable().Reverse(), found);
    }

    [Fact]
    public async Task List_Filters_Combine()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var other = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var plain = await tenant.NewEventAsync("""{"type":"b c&d"}""");
        var dead = await tenant.NewDeadLetterAsync(endpoint);

        async Task<IEnumerable<string>> ListAsync(string query) =>
            (await tenant.GetAsync("/v1/events?" + query))
                .Data()
                .Select(item => item.Text("event_id"));

        Assert.Equal([dead], await ListAsync("status=DEAD_LETTER"));
        Assert.Equal([dead], await ListAsync($"status=DEAD_LETTER&endpoint_id={endpoint}"));
        Assert.Empty(await ListAsync($"status=DEAD_LETTER&endpoint_id={other}"));
        Assert.Equal([plain], await ListAsync("type=b%20c%26d"));
        Assert.Empty(await ListAsync("until=2020-01-01T00:00:00Z"));
        Assert.Equal(2, (await ListAsync("since=2020-01-01T00:00:00.5%2B02:00")).Count());
        Assert.Equal(2, (await ListAsync("unknown=ignored")).Count());
    }

    [Fact]
    public async Task List_EveryFault_IsToldAtOnce()
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.Http.GetAsync(
            "/v1/events?status=LOST&type=&endpoint_id=ep_1&since=yesterday&until=2026-01-01&limit=101&cursor=x"
        );

        await answer.AssertProblemAsync(
            400,
            "validation_failed",
            "status",
            "type",
            "endpoint_id",
            "since",
            "until",
            "limit",
            "cursor"
        );
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", "since")]
    [InlineData("since=2026-01-02T00:00:00", "since")]
    [InlineData("status=pending", "status")]
    public async Task List_BadParameter_AnswersValidationFailed(string query, string member)
    {
        var tenant = await api.NewTenantAsync();

        using var answer = await tenant.Http.GetAsync("/v1/events?" + query);

        await answer.AssertProblemAsync(400, "validation_failed", member);
    }

    [Fact]
    public async Task List_CursorOfAnotherTenantListOrFilter_AnswersInvalidCursor()
    {
        var tenant = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        await tenant.NewEventAsync();
        await tenant.NewEventAsync();
        var cursor = (await tenant.GetAsync("/v1/events?limit=1")).Text("next_cursor");

        async Task RefusedAsync(TestTenant caller, string path)
        {
            using var answer = await caller.Http.GetAsync(path);
            await answer.AssertProblemAsync(400, "invalid_cursor", "cursor");
        }

        await RefusedAsync(other, $"/v1/events?cursor={cursor}");
        await RefusedAsync(tenant, $"/v1/dead-letters?cursor={cursor}");
        await RefusedAsync(tenant, $"/v1/endpoints?cursor={cursor}");
        await RefusedAsync(tenant, $"/v1/events?type=x&cursor={cursor}");
        await RefusedAsync(tenant, $"/v1/events?cursor={cursor[..^2]}");
        await RefusedAsync(tenant, "/v1/events?cursor=");
        await RefusedAsync(tenant, "/v1/events?cursor=%00");
        await RefusedAsync(tenant, "/v1/events?cursor=" + new string('A', 5000));
        Assert.Single((await tenant.GetAsync($"/v1/events?limit=2&cursor={cursor}")).Data());
    }

    [Fact]
    public async Task Redeliver_StartsANewGeneration()
    {
        var tenant = await api.NewTenantAsync();
        var one = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var two = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        var id = await tenant.NewDeadLetterAsync(one, two);
        var path = $"/v1/events/{id}/redeliver";

        var only = await tenant.SendAsync(HttpMethod.Post, path, new { endpoint_id = one }, 202);
        var all = await tenant.SendAsync(HttpMethod.Post, path, null, 202);

        Assert.Equal(id, only.Text("event_id"));
        Assert.Equal([one], only.Texts("endpoint_ids"));
        Assert.Equal(new[] { one, two }.Order(StringComparer.Ordinal), all.Texts("endpoint_ids"));
        Assert.Equal("PENDING", (await tenant.GetAsync($"/v1/events/{id}")).Text("status"));
    }

    [Fact]
    public async Task Redeliver_NothingLeft_AnswersNothingToDeliver()
    {
        var tenant = await api.NewTenantAsync();
        var unrouted = await tenant.NewEventAsync();

        var problem = await tenant.SendAsync(
            HttpMethod.Post,
            $"/v1/events/{unrouted}/redeliver",
            "{}",
            409
        );

        problem.AssertProblem(409, "nothing_to_deliver");
    }

    [Fact]
    public async Task Redeliver_ForeignOrUnknown_AnswersNotFound()
    {
        var tenant = await api.NewTenantAsync();
        var other = await api.NewTenantAsync();
        await tenant.NewEndpointAsync();
        var id = await tenant.NewEventAsync();
        var foreignEndpoint = (await other.NewEndpointAsync()).Text("endpoint_id");

        var foreign = await other.SendAsync(
            HttpMethod.Post,
            $"/v1/events/{id}/redeliver",
            null,
            404
        );
        var endpoint = await tenant.SendAsync(
            HttpMethod.Post,
            $"/v1/events/{id}/redeliver",
            new { endpoint_id = foreignEndpoint },
            404
        );
        var malformed = await tenant.SendAsync(
            HttpMethod.Post,
            $"/v1/events/{id}/redeliver",
            """{"endpoint_id":"ep_1","x":1}""",
            400
        );

        foreign.AssertProblem(404, "not_found");
        endpoint.AssertProblem(404, "not_found");
        malformed.AssertProblem(400, "validation_failed", "endpoint_id", "x");
    }

    /// <summary>Records failed attempts, all of the same moment if one is given.</summary>
    private static async Task FailAsync(
        TestTenant tenant,
        string eventId,
        string endpointId,
        int first,
        int last,
        DateTimeOffset? startedAt = null
    )
    {
        for (var number = first; number <= last; number++)
        {
            await tenant.RecordAttemptAsync(
                eventId,
                endpointId,
                DeliveryStatus.Failed,
                new AttemptOutcome { Reason = ReasonCode.Timeout },
                number: number,
                startedAt: startedAt
            );
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", RegexOptions.NonBacktracking)]
    private static partial Regex Rfc3339Millis();
}
