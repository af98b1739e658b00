using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

public sealed class StatisticsTests(TestApi api)
{
    private static readonly DateTimeOffset s_hour = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Get_OfATenant_HasTotalsAndTheHoursInWhichSomethingHappened()
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        await AddAsync(tenant, endpoint: null, s_hour, Counts(accepted: 2, milliseconds: 40));
        await AddAsync(tenant, endpoint: null, s_hour.AddHours(2), Counts(3, 400));
        await AddAsync(tenant, endpoint, s_hour, Counts(0, 40));

        var answer = await tenant.GetAsync(
            "/v1/stats?since=2026-03-04T05:59:59Z&until=2026-03-04T07:00:01Z"
        );

        Assert.Equal("2026-03-04T05:00:00.000Z", answer.Text("since"));
        Assert.Equal("2026-03-04T08:00:00.000Z", answer.Text("until"));
        var totals = answer.GetProperty("totals");
        Assert.False(totals.TryGetProperty("hour", out _));
        Assert.Equal(5, totals.GetProperty("accepted").GetInt64());
        Assert.Equal(
            """{"total":4,"by_reason":{"delivered":2,"timeout":2}}""",
            totals.GetProperty("attempts").GetRawText()
        );
        Assert.Equal(2, totals.GetProperty("latency_ms").GetProperty("count").GetInt64());
        var hours = answer.GetProperty("hours").EnumerateArray().ToList();
        Assert.Equal(
            ["2026-03-04T05:00:00.000Z", "2026-03-04T07:00:00.000Z"],
            hours.Select(hour => hour.Text("hour"))
        );
        Assert.Equal([2, 3], hours.Select(hour => hour.GetProperty("accepted").GetInt64()));
        Assert.Equal(
            [40, 400],
            hours.Select(hour =>
                (int)Math.Round(hour.GetProperty("latency_ms").GetProperty("p99").GetDouble() / 40)
                * 40
            )
        );

        var one = await tenant.GetAsync(
            $"/v1/endpoints/{endpoint}/stats?since=2026-03-04T05:00:00Z&until=2026-03-04T06:00:00Z"
        );
        var hour = Assert.Single(one.GetProperty("hours").EnumerateArray());
        Assert.False(hour.TryGetProperty("accepted", out _));
        Assert.Equal(1, hour.GetProperty("delivered").GetInt64());
    }

    [Fact]
    public async Task Get_WhereNothingHappened_HasZerosAndNoHours()
    {
        var tenant = await api.NewTenantAsync();
        var answer = await tenant.GetAsync("/v1/stats");
        Assert.Empty(answer.GetProperty("hours").EnumerateArray());
        Assert.Equal(
            """{"accepted":0,"deliveries":0,"delivered":0,"dead_lettered":0,"parked":0,"cancelled":0,"attempts":{"total":0,"by_reason":{}},"latency_ms":null}""",
            answer.GetProperty("totals").GetRawText()
        );
    }

    [Theory]
    [InlineData("", 24)]
    [InlineData("?until=2026-03-04T05:00:00Z", 24)]
    [InlineData("?since=2026-03-04T05:00:00Z&until=2026-03-04T05:00:00Z", 0)]
    [InlineData("?since=2026-03-04T05:00:00%2B02:00&until=2026-03-04T05:00:00Z", 2)]
    [InlineData("?since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:00Z", 744)]
    [InlineData("?until=0001-01-01T00:00:00Z", 0)]
    [InlineData("?since=9999-12-31T22:59:59Z&until=9999-12-31T23:59:59Z", 1)]
    public async Task Get_WithARange_AnswersTheHoursThatItTouches(string query, int hours)
    {
        var tenant = await api.NewTenantAsync();
        var answer = await tenant.GetAsync("/v1/stats" + query);
        Assert.Equal(TimeSpan.FromHours(hours), TimeOf(answer, "until") - TimeOf(answer, "since"));
    }

    [Theory]
    [InlineData("since=x&until=2026-13-01T00:00:00Z", "since", "until")]
    [InlineData("since=2026-03-04T05:00:00Z&until=2026-03-04T04:59:59Z", "since")]
    [InlineData("since=2026-03-01T00:00:00Z&until=2026-04-01T00:00:01Z", "since")]
    [InlineData("since=0001-01-01T00:00:00Z", "since")]
    [InlineData("since=2026-03-04T05:00:00&since=x", "since")]
    public async Task Get_Faults_AreToldAtOnce(string query, params string[] faulty)
    {
        var tenant = await api.NewTenantAsync();
        var endpoint = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        foreach (var path in new[] { "/v1/stats", $"/v1/endpoints/{endpoint}/stats" })
        {
            using var answer = await tenant.Http.GetAsync($"{path}?{query}");
            await answer.AssertProblemAsync(400, "validation_failed", faulty);
        }
    }

    [Fact]
    public async Task Get_OfAnEndpointThatIsNotThere_IsNotFound()
    {
        var (tenant, other) = (await api.NewTenantAsync(), await api.NewTenantAsync());
        var foreign = (await other.NewEndpointAsync()).Text("endpoint_id");
        var deleted = (await tenant.NewEndpointAsync()).Text("endpoint_id");
        await tenant.SendAsync(HttpMethod.Delete, $"/v1/endpoints/{deleted}", null, 204);
        foreach (var id in new[] { foreign, deleted, "ep_00000000000000000000000000", "x" })
        {
            using var answer = await tenant.Http.GetAsync($"/v1/endpoints/{id}/stats?since=x");
            await answer.AssertProblemAsync(404, "not_found");
        }
    }

    private static DateTimeOffset TimeOf(JsonElement answer, string member) =>
        DateTimeOffset.Parse(answer.Text(member), CultureInfo.InvariantCulture);

    private static HourCounts Counts(long accepted, int milliseconds)
    {
        var counts = new HourCounts { Accepted = accepted, Delivered = 1 };
        counts.Attempts.Add(ReasonCode.Delivered, 1);
        counts.Attempts.Add(ReasonCode.Timeout, 1);
        counts.Latency.Record(TimeSpan.FromMilliseconds(milliseconds));
        return counts;
    }

    private async Task AddAsync(
        TestTenant tenant,
        string? endpoint,
        DateTimeOffset hour,
        HourCounts counts
    )
    {
        EndpointId? id = EndpointId.TryParse(endpoint, out var parsed) ? parsed : null;
        await api
            .Services.GetRequiredService<IStatisticsStore>()
            .AddAsync(new HourKey(tenant.Id, id, hour), counts, CancellationToken.None);
    }
}
