using System.Text.Json.Nodes;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>Who may do what: the whole list, so that whatever is added shows here.</summary>
public sealed class PermissionTests
{
    private static readonly string[] s_tenants =
    [
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ];

    private static readonly string[] s_events =
    [
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    ];

    private static readonly string[] s_query = ["dynamodb:Query"];
    private static readonly string[] s_payloads = ["s3:GetObject", "s3:PutObject"];
    private static readonly string[] s_send = ["sqs:SendMessage"];

    private static readonly string[] s_reconcile =
    [
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    ];

    private static readonly Dictionary<string, (string Resource, string[] Actions)[]> s_allowed =
        new(StringComparer.Ordinal)
        {
            ["Api"] =
            [
                ("StorageTenants", [.. s_tenants, "dynamodb:DeleteItem"]),
                ("StorageTenants/index/list-index", s_query),
                ("StorageEvents", [.. s_events, "dynamodb:PutItem"]),
                ("StorageEvents/index/status-index", s_query),
                ("StoragePayloads", ["s3:ListBucket"]),
                ("StoragePayloads/*", s_payloads),
                ("StorageTenantKey", ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"]),
                ("QueuesDeliveries", s_send),
                (
                    "arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/webhook-delivery/webhooks/admin-key",
                    ["ssm:GetParameter"]
                ),
            ],
            ["Worker"] =
            [
                ("StorageTenants", [.. s_tenants, "dynamodb:DeleteItem"]),
                ("StorageTenants/index/list-index", s_query),
                ("StorageEvents", [.. s_events, "dynamodb:BatchWriteItem", "dynamodb:PutItem"]),
                ("StorageEvents/index/status-index", s_query),
                ("StoragePayloads", ["s3:ListBucket"]),
                ("StoragePayloads/*", s_payloads),
                ("StorageTenantKey", ["kms:Decrypt"]),
                (
                    "QueuesDeliveries",
                    [
                        "sqs:DeleteMessage",
                        "sqs:GetQueueAttributes",
                        "sqs:ReceiveMessage",
                        "sqs:SendMessage",
                    ]
                ),
                ("QueuesDeadLetters", s_send),
            ],
            ["DlqProcessor"] =
            [
                ("StorageTenants", s_tenants),
                ("StorageTenants/index/list-index", s_query),
                ("StorageEvents", [.. s_events, "dynamodb:PutItem"]),
                ("StorageEvents/index/status-index", s_query),
                ("StoragePayloads", ["s3:ListBucket"]),
                ("StoragePayloads/*", s_payloads),
                ("StorageTenantKey", ["kms:Decrypt"]),
                ("QueuesDeliveries", s_send),
                ("QueuesDeadLetters", s_reconcile),
            ],
            ["Sweeper"] =
            [
                ("StorageTenants", [.. s_tenants, "dynamodb:DeleteItem"]),
                ("StorageTenants/index/list-index", s_query),
                (
                    "StorageEvents",
                    [
                        .. s_events,
                        "dynamodb:BatchWriteItem",
                        "dynamodb:DeleteItem",
                        "dynamodb:PutItem",
                    ]
                ),
                ("StorageEvents/index/due-index", s_query),
                ("StorageEvents/index/status-index", s_query),
                ("StoragePayloads", ["s3:ListBucket"]),
                ("StoragePayloads/*", [.. s_payloads, "s3:DeleteObject"]),
                ("StorageTenantKey", ["kms:Decrypt"]),
                ("QueuesDeliveries", s_send),
                ("QueuesDeadLetters", s_reconcile),
            ],
        };

    [Theory]
    [InlineData("Api")]
    [InlineData("Worker")]
    [InlineData("DlqProcessor")]
    [InlineData("Sweeper")]
    public void Function_Permissions_AreTheseAndNoOthers(string name)
    {
        var own = $"Functions{name}Log: logs:CreateLogStream";
        var expected = s_allowed[name]
            .SelectMany(each => each.Actions.Select(action => $"{each.Resource}: {action}"))
            .Append(own)
            .Append(own.Replace("CreateLogStream", "PutLogEvents", StringComparison.Ordinal));

        var role = $"Functions{name}Role";
        var policies = StackTemplate
            .Usual.All("AWS::IAM::Policy")
            .Select(each => each["Properties"]!)
            .Where(each => StackTemplate.Several(each["Roles"]).Contains(role));
        var granted =
            from policy in policies
            from statement in Statements(policy["PolicyDocument"]!)
            from resource in StackTemplate.Several(statement["Resource"])
            from action in StackTemplate.Several(statement["Action"])
            select $"{resource}: {action}";

        Assert.Equal(expected.Order(StringComparer.Ordinal), granted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Roles_All_BelongToFunctionsAndHoldNothingElse()
    {
        var roles = StackTemplate.Usual.All("AWS::IAM::Role");

        Assert.Equal(4, roles.Count);
        Assert.All(
            roles,
            each =>
            {
                var properties = each["Properties"]!;
                Assert.Null(properties["ManagedPolicyArns"]);
                Assert.Null(properties["Policies"]);
                var trust = Assert.Single(Statements(properties["AssumeRolePolicyDocument"]!));
                Assert.Equal("lambda.amazonaws.com", (string?)trust["Principal"]!["Service"]);
            }
        );
        Assert.Equal(4, StackTemplate.Usual.All("AWS::IAM::Policy").Count);
        Assert.Empty(StackTemplate.Usual.All("AWS::IAM::ManagedPolicy"));
    }

    [Fact]
    public void Statements_WithAWildcard_AreTheseAndNoOthers()
    {
        // Denials may be broad; a key's policy says * for itself; objects of the bucket have no names
        // that are known here. All else names what it means.
        Assert.Equal(
            [
                "Deny QueuesDeadLettersPolicy: sqs:* on QueuesDeadLetters",
                "Deny QueuesDeliveriesPolicy: sqs:* on QueuesDeliveries",
                "Deny StoragePayloadsPolicy: s3:* on StoragePayloads, StoragePayloads/*",
                "Deny StoragePayloadsPolicy: s3:* on StoragePayloads, StoragePayloads/*",
                "Allow FunctionsApiRoleDefaultPolicy: s3:GetObject, s3:PutObject on StoragePayloads/*",
                "Allow FunctionsDlqProcessorRoleDefaultPolicy: s3:GetObject, s3:PutObject on StoragePayloads/*",
                "Allow FunctionsSweeperRoleDefaultPolicy: s3:GetObject, s3:PutObject, s3:DeleteObject on StoragePayloads/*",
                "Allow FunctionsWorkerRoleDefaultPolicy: s3:GetObject, s3:PutObject on StoragePayloads/*",
                "Allow StorageTenantKey: kms:* on *",
            ],
            StackTemplate
                .Usual.Everything()
                .SelectMany(each =>
                    Documents(each.Resource["Properties"]).Select(document => (each.Id, document))
                )
                .SelectMany(each => Statements(each.document).Select(s => (each.Id, s)))
                .Where(each => Named(each.s).Contains('*', StringComparison.Ordinal))
                .Select(each => $"{each.s["Effect"]} {each.Id}: {Named(each.s)}")
                .OrderByDescending(text => text[0])
                .ThenBy(text => text, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void TenantKey_Policy_LeavesItToTheAccountsOwnRoles()
    {
        var key = StackTemplate.Usual.Properties("AWS::KMS::Key", "StorageTenantKey");
        var statement = Assert.Single(Statements(key["KeyPolicy"]!));

        Assert.Equal(
            "arn:AWS::Partition:iam::AWS::AccountId:root",
            StackTemplate.Resolve(statement["Principal"]!["AWS"]!)
        );
    }

    private static string Named(JsonNode statement) =>
        $"{string.Join(", ", StackTemplate.Several(statement["Action"]))} on {string.Join(", ", StackTemplate.Several(statement["Resource"]))}";

    private static IEnumerable<JsonNode> Statements(JsonNode document) =>
        document["Statement"]!.AsArray().Select(each => each!);

    /// <summary>Everything below a node that holds statements, wherever a resource has its policy.</summary>
    private static IEnumerable<JsonNode> Documents(JsonNode? node) =>
        node switch
        {
            JsonObject document when document.ContainsKey("Statement") => [document],
            JsonObject other => other.SelectMany(each => Documents(each.Value)),
            JsonArray many => many.SelectMany(Documents),
            _ => [],
        };
}
