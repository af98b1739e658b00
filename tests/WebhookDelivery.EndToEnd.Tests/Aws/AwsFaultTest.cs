using System.Text;
using System.Text.Json;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>
/// A test whose server's ways to SQS and DynamoDB can fail and are watched. Books are kept of what is
/// posted and what receivers get.
/// </summary>
public abstract class AwsFaultTest : EndToEndTest<AwsHome>
{
    protected AwsFaultTest()
    {
        Engine.IsProxied = true;

        // What is shown is what the engine does about a fault, not what the SDK does before it.
        Engine.ClientRetries = 0;

        // Leases end by the clock, which jumps: a message that was received must not seem forgotten.
        Setup = Setup with
        {
            Settings = new Dictionary<string, string?>
            {
                ["Aws:VisibilityTimeoutSeconds"] = $"{TimeSpan.FromHours(12).TotalSeconds}",
            },
        };
    }

    /// <summary>The way to SQS.</summary>
    protected FaultProxy Sqs => Engine.Sqs;

    /// <summary>The way to DynamoDB.</summary>
    protected FaultProxy DynamoDb => Engine.DynamoDb;

    /// <summary>The books.</summary>
    protected Ledger Ledger { get; } = new();

    /// <summary>Every message of a delivery that servers asked SQS to take, whatever came of it.</summary>
    protected IReadOnlyList<SentMessage> Sent =>
        [.. Sqs.Requests.Where(IsSend).SelectMany(SentMessage.Of).Where(each => each.IsDelivery)];

    /// <summary>Whether a request sends messages.</summary>
    protected static bool IsSend(ProxiedRequest request) =>
        request.Operation is "SendMessage" or "SendMessageBatch";

    /// <summary>Overrides a setting, for the servers that start from now on.</summary>
    protected ServerSetup With(string setting, string value) =>
        Setup with
        {
            Settings = new Dictionary<string, string?>(Setup.Settings) { [setting] = value },
        };

    /// <summary>Creates a tenant whose receivers take everything and book it.</summary>
    protected async Task<BookedTenant> AddBookedAsync(string id, int endpoints = 1)
    {
        var user = await AddTenantAsync(id);
        var names = Enumerable.Range(0, endpoints).Select(i => $"{id}/{i}").ToArray();
        foreach (var name in names)
        {
            var receiver = AddReceiver();
            receiver.Answer = request =>
            {
                Book(name, request);
                return Task.FromResult(WireReceiver.Ok);
            };
            await user.AddEndpointAsync(receiver.Url);
        }

        return new BookedTenant(user, names);
    }

    /// <summary>Books what a receiver got and took.</summary>
    protected void Book(string name, WireRequest request) =>
        Ledger.Receive(
            name,
            JsonDocument.Parse(request.Body).RootElement.GetProperty("marker").GetString(),
            request["webhook-id"]!,
            request.Body,
            answered2xx: true
        );

    /// <summary>Posts an event and books it, and the 201 if that is the answer.</summary>
    protected async Task<Answer> PostBookedAsync(
        BookedTenant tenant,
        string marker,
        string? key = null
    )
    {
        var payload = Encoding.UTF8.GetBytes(
            $$"""{"type":"order.created","marker":"{{marker}}"}"""
        );
        Ledger.Post(marker, payload, tenant.Endpoints);
        var answer = await tenant.User.PostEventAsync(payload, key);
        if (answer.Status == 201)
        {
            Ledger.Accept(marker, answer["event_id"]);
        }

        return answer;
    }

    /// <summary>
    /// Lets time pass until all that was answered 201 has come to all its endpoints and nothing came
    /// that should not. Time passes only while nothing is under way: an attempt would time out.
    /// </summary>
    protected async Task PumpUntilBalancedAsync()
    {
        const int steps = 10;
        using var inside = await Engine.LookInsideAsync();
        for (var step = 0; step < steps; step++)
        {
            await Eventually.IsAsync((0, 0), () => inside.CountAsync(inside.DueQueue));
            if (Ledger.Imbalance().Count == 0)
            {
                break;
            }

            // Longer than a sweeper keeps what it has claimed and could not send.
            Clock.Advance(TimeSpan.FromMinutes(6));
            await SweptAsync();
        }

        Assert.Empty(Ledger.Imbalance());
    }

    /// <summary>Waits until the sweeper has gone through everything since now.</summary>
    protected async Task SweptAsync()
    {
        // One round may be under way; the next one is over when the one after it begins.
        var before = Sweeps();
        await Eventually.IsAsync(true, () => Sweeps() >= before + 2);
    }

    /// <summary>How many rounds of the sweeper have begun: each asks the first shard first.</summary>
    private int Sweeps() =>
        DynamoDb
            .Of("Query")
            .Count(request =>
                Encoding.UTF8.GetString(request.Body).Contains("due#0\"", StringComparison.Ordinal)
            );
}
