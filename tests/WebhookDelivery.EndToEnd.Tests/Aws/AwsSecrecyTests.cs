using System.Text;
using System.Text.Json.Nodes;
using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What is secret is neither kept in AWS nor sent there, as text or as bytes.</summary>
public sealed class AwsSecrecyTests : SecrecyTests<AwsHome>
{
    /// <summary>So many characters make a payload that goes to the bucket.</summary>
    private const int Large = 20_000;

    public AwsSecrecyTests() => Engine.IsProxied = true;

    [Fact]
    public async Task Neither_tables_nor_bucket_nor_messages_hold_a_key_a_secret_or_a_header_value()
    {
        await LiveThroughMuchAsync();
        var globex = await AddTenantAsync("globex");
        await globex.AddEndpointAsync(
            AddReceiver().Url,
            $$""" "headers":{"X-Token":"{{HeaderValue}}"} """
        );
        var large = await globex.PostEventAsync(
            $$"""{"card":"{{PayloadMarker}}","pad":"{{new string('x', Large)}}"}"""
        );
        await globex.WaitForAsync(large, "DELIVERED");
        await StopAsync();

        using var inside = await Engine.LookInsideAsync();
        var places = new Dictionary<string, byte[]>
        {
            ["tables"] = await inside.ReadTablesAsync(),
            ["bucket"] = await inside.ReadBucketAsync(),
            ["messages"] = Wire(Engine.Sqs),
            ["table writes"] = Wire(Engine.DynamoDb),
        };
        foreach (var (place, bytes) in places)
        {
            Assert.True(SecretSearch.Holds(bytes, PayloadMarker), $"No payload in the {place}.");
            SecretSearch.AssertNone(Secrets, bytes);
        }
    }

    /// <summary>Every text of every request.</summary>
    private static byte[] Wire(FaultProxy proxy)
    {
        using var bytes = new MemoryStream();
        foreach (var request in proxy.Requests)
        {
            foreach (var text in Texts(request.Json()))
            {
                bytes.Write(Encoding.UTF8.GetBytes($"\n{text}"));
            }
        }

        return bytes.ToArray();
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.SelectMany(member => Texts(member.Value)),
            JsonArray values => values.SelectMany(Texts),
            JsonValue value when value.TryGetValue(out string? text) => [text],
            _ => [],
        };
}
