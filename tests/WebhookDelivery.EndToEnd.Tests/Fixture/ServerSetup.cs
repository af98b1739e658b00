using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>What a test asks of a server, on whatever engine.</summary>
public sealed record ServerSetup
{
    /// <summary>The server's clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The operator's key to accept.</summary>
    public string OperatorKey { get; init; } = NewOperatorKey();

    /// <summary>True for what <c>--dev</c> allows: http, loopback targets and any port.</summary>
    public bool Dev { get; init; } = true;

    /// <summary>Settings, by their names within the section.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } =
        new Dictionary<string, string?>();

    /// <summary>Services that take the place of the server's own.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>Gets every log entry, at every level; null for none.</summary>
    public ILoggerProvider? Log { get; init; }

    private static string NewOperatorKey() =>
        ApiKeyToken
            .Create(ApiKeyRole.Operator, tenant: null, description: null, DateTimeOffset.UnixEpoch)
            .Text;
}
