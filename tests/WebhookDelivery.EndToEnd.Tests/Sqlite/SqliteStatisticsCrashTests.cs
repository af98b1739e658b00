namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a killed server leaves of its statistics: what was stored, and not a count of it less.</summary>
public sealed class SqliteStatisticsCrashTests : EndToEndTest<SqliteHome>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Files_of_a_server_that_was_killed_have_what_was_stored()
    {
        var receiver = AddReceiver();
        var acme = await AddTenantAsync();
        await acme.AddEndpointAsync(receiver.Url);
        for (var i = 0; i < 5; i++)
        {
            await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        }

        await Eventually.IsAsync(5L, () => DeliveredAsync(acme));
        await Clock.WaitForTimerAsync(s_interval);
        Clock.Advance(s_interval);
        await Clock.WaitForTimerAsync(s_interval);
        await acme.WaitForAsync(await acme.PostEventAsync(), "DELIVERED");
        await Eventually.IsAsync(6L, () => DeliveredAsync(acme));

        // As kill -9 would leave them: the log, too, and nothing written at a stop. The lock goes with
        // its process.
        await using var left = new SqliteHome();
        Directory.CreateDirectory(left.DataDirectory);
        var files = Directory.GetFiles(Engine.DataDirectory);
        foreach (var file in files.Where(file => Path.GetFileName(file) != "lock"))
        {
            File.Copy(file, Path.Combine(left.DataDirectory, Path.GetFileName(file)));
        }

        await using var next = await left.StartAsync(Setup);
        using var http = new HttpClient();
        var after = new TenantUser(http, () => next.Url, acme.Id, acme.Key);
        Assert.Equal(6, await after.CountEventsAsync("&status=DELIVERED"));
        Assert.Equal(5, await DeliveredAsync(after));
    }

    private static async Task<long> DeliveredAsync(TenantUser tenant) =>
        (await tenant.GetAsync("/v1/stats"))
            .Expect(200)
            .Json.GetProperty("totals")
            .GetProperty("delivered")
            .GetInt64();
}
