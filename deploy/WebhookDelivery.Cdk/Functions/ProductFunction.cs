using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Constructs;

namespace WebhookDelivery.Cdk;

/// <summary>A function with a role and a log of its own.</summary>
internal sealed class ProductFunction : Construct
{
    public ProductFunction(
        Construct scope,
        DeploymentSettings settings,
        FunctionShape shape,
        Code code,
        IReadOnlyDictionary<string, string> environment
    )
        : base(scope, shape.Name)
    {
        Name = $"{settings.Prefix}-{shape.Name}";
        TimeoutSeconds = shape.TimeoutSeconds;
        var log = Logs.New(this, "Log", $"/aws/lambda/{Name}", settings);

        // Not the managed policy for functions, which lets each write to every log of the account.
        var role = new Role(
            this,
            "Role",
            new RoleProps { AssumedBy = new ServicePrincipal("lambda.amazonaws.com") }
        );
        log.GrantWrite(role);
        foreach (var statement in shape.Permissions)
        {
            role.AddToPolicy(statement);
        }

        Function = new Function(
            this,
            "Function",
            new FunctionProps
            {
                FunctionName = Name,
                Description = shape.Description,
                // This CDK has no constant for it yet.
                Runtime = new Runtime("dotnet10", RuntimeFamily.DOTNET_CORE),
                Architecture = Architecture.X86_64,
                Handler = "WebhookDelivery.Lambda",
                Code = code,
                MemorySize = shape.MemoryMegabytes,
                Timeout = Duration.Seconds(shape.TimeoutSeconds),
                Role = role,
                LogGroup = log,
                Environment = new Dictionary<string, string>(
                    environment.Concat(shape.Environment),
                    StringComparer.Ordinal
                )
                {
                    ["WebhookDelivery__Function"] = shape.Name,
                },
                RecursiveLoop = shape.FeedsItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
            }
        );
    }

    /// <summary>The function's name, such as <c>webhooks-Api</c>.</summary>
    public string Name { get; }

    /// <summary>How long an invocation may take.</summary>
    public int TimeoutSeconds { get; }

    /// <summary>The function itself.</summary>
    public Function Function { get; }
}
