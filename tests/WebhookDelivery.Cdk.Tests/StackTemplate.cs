using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.CDK;
using Amazon.CDK.Assertions;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>The stack's template, synthesized once for each set of settings.</summary>
internal sealed partial class StackTemplate
{
    private static readonly Lazy<StackTemplate> s_usual = new(() => Synthesize([], null, null));
    private static readonly Lazy<StackTemplate> s_changed = new(() =>
        Synthesize(
            new()
            {
                ["prefix"] = "Shop",
                ["retain"] = "false",
                ["logRetentionDays"] = "7",
                ["eventDays"] = "90",
                ["deadLetterDays"] = "21",
                ["throttleRate"] = "10",
                ["throttleBurst"] = "20",
                ["workerConcurrency"] = "2",
                ["alarmEmail"] = "ops@example.com",
                ["alarmTopicArn"] = "arn:aws:sns:eu-west-1:123456789012:pager",
            },
            "Z0123456789ABC",
            "https://example.com/"
        )
    );

    private readonly JsonNode _root;

    private StackTemplate(JsonNode root) => _root = root;

    /// <summary>With no settings at all.</summary>
    public static StackTemplate Usual => s_usual.Value;

    /// <summary>With every setting other than its default, and a domain.</summary>
    public static StackTemplate Changed => s_changed.Value;

    /// <summary>All as text.</summary>
    public string Text => _root.ToJsonString();

    /// <summary>Values of outputs by name, references resolved to names.</summary>
    public IReadOnlyDictionary<string, string> Outputs =>
        _root[nameof(Outputs)]!
            .AsObject()
            .ToDictionary(each => each.Key, each => Resolve(each.Value!["Value"]!));

    /// <summary>Resources of a type.</summary>
    public IReadOnlyList<JsonNode> All(string type) =>
        [
            .. _root["Resources"]!
                .AsObject()
                .Select(each => each.Value!)
                .Where(each => each["Type"]!.GetValue<string>() == type),
        ];

    /// <summary>Every resource with its logical id, without the hash that CDK adds.</summary>
    public IEnumerable<(string Id, JsonNode Resource)> Everything() =>
        _root["Resources"]!.AsObject().Select(each => (Short(each.Key), each.Value!));

    /// <summary>Properties of the resource of a type with a logical id that starts so.</summary>
    public JsonNode Properties(string type, string id) => Find(type, id)["Properties"]!;

    /// <summary>The resource of a type with a logical id that starts so.</summary>
    public JsonNode Find(string type, string id) =>
        Everything()
            .Single(each => each.Id == id && each.Resource["Type"]!.GetValue<string>() == type)
            .Resource;

    /// <summary>A value as text: references become logical ids, joins are joined.</summary>
    public static string Resolve(JsonNode node) =>
        node switch
        {
            JsonValue value => value.ToString(),
            JsonObject { Count: 1 } call when call["Ref"] is { } reference => Short(
                reference.GetValue<string>()
            ),
            JsonObject { Count: 1 } call when call["Fn::GetAtt"] is { } attribute => Short(
                attribute[0]!.GetValue<string>()
            ),
            JsonObject { Count: 1 } call when call["Fn::Join"] is { } join => string.Join(
                join[0]!.GetValue<string>(),
                join[1]!.AsArray().Select(part => Resolve(part!))
            ),
            _ => node.ToJsonString(),
        };

    /// <summary>One value or several, as CloudFormation leaves it open.</summary>
    public static string[] Several(JsonNode? node) =>
        node switch
        {
            null => [],
            JsonArray many => [.. many.Select(each => Resolve(each!))],
            _ => [Resolve(node)],
        };

    private static StackTemplate Synthesize(
        Dictionary<string, string> context,
        string? zoneId,
        string? zoneUrl
    )
    {
        System.Environment.SetEnvironmentVariable(
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
            "20,22,24"
        );
        using var functions = new TemporaryDirectory();
        using var output = new TemporaryDirectory();
        File.WriteAllText(Path.Combine(functions.Path, "bootstrap"), "published");
        context["lambdaDirectory"] = functions.Path;
        var settings = DeploymentSettings.Read(
            context,
            name => name == "HOSTED_ZONE_ID" ? zoneId : zoneUrl
        );
        var app = new App(new AppProps { AnalyticsReporting = false, Outdir = output.Path });
        var template = Template.FromStack(new WebhookDeliveryStack(app, settings));
        return new StackTemplate(JsonSerializer.SerializeToNode(template.ToJSON())!);
    }

    private static string Short(string logicalId) => HashForm().Replace(logicalId, string.Empty);

    [GeneratedRegex("[0-9A-F]{8}$", RegexOptions.None, 1000)]
    private static partial Regex HashForm();
}
