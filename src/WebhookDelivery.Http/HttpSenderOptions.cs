using System.Net;
using System.Reflection;

namespace WebhookDelivery.Http;

/// <summary>
/// What the sender allows and how it limits receivers. Immutable; the defaults are safe for the open
/// internet. <see cref="Faults"/> says what is wrong with a set of values.
/// </summary>
public sealed record HttpSenderOptions
{
    /// <summary>True to allow <c>http</c> URLs beside <c>https</c>. Default false.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Networks exempt from the address guard. Default none.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>
    /// The ports that a URL may name or imply. Default 443 and 8443. With <see cref="AllowHttp"/>,
    /// port 80 has to be listed too.
    /// </summary>
    public IReadOnlyList<int> AllowedPorts { get; init; } = [443, 8443];

    /// <summary>True to allow every port, whatever <see cref="AllowedPorts"/> says. Default false.</summary>
    public bool AnyPort { get; init; }

    /// <summary>
    /// The share of failures among an endpoint's exchanges at which its breaker opens, above 0 and at
    /// most 1. Default 0.5.
    /// </summary>
    public double BreakerFailureRatio { get; init; } = 0.5;

    /// <summary>The time over which the share is taken, at least 0.5 s. Default 30 s.</summary>
    public TimeSpan BreakerSampling { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Fewest exchanges within <see cref="BreakerSampling"/> before the breaker may open, at least 2.
    /// Default 20.
    /// </summary>
    public int BreakerThroughputMin { get; init; } = 20;

    /// <summary>How long an open breaker postpones before one probe may go, at least 0.5 s. Default 10 s.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Most endpoints whose breakers are kept in memory; beyond it those longest idle are forgotten,
    /// closed ones first. At least 16. Default 4,096.
    /// </summary>
    public int BreakersMax { get; init; } = 4096;

    /// <summary>
    /// Most connections to one host and port. A backstop: the dispatcher's in-flight caps bind first,
    /// and endpoints of several tenants may share a host. Default 1,024.
    /// </summary>
    public int ConnectionsPerServerMax { get; init; } = 1024;

    /// <summary>
    /// How long a connection is reused before the host is resolved and judged again. Default 2 min.
    /// </summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an unused connection is kept. Default 30 s.</summary>
    public TimeSpan ConnectionIdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most KiB of a response's status line and headers, those of interim (1xx) responses included;
    /// what goes beyond is a bad response. From 1 to 1,024. Default 32.
    /// </summary>
    public int ResponseHeadersKibMax { get; init; } = 32;

    /// <summary>Most bytes read of a response's body. Default 16 KiB.</summary>
    public int ResponseBodyBytesMax { get; init; } = 16 * 1024;

    /// <summary>Longest time spent on a response's body, within the deadline. Default 1 s.</summary>
    public TimeSpan ResponseBodyTimeMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The version that <c>User-Agent</c> names. Default: this assembly's.</summary>
    public string Version { get; init; } = AssemblyVersion();

    /// <summary>
    /// Everything that is wrong with these values, each a sentence naming the member; empty if
    /// nothing is.
    /// </summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        Require(
            BreakerFailureRatio is > 0 and <= 1,
            "BreakerFailureRatio must be above 0 and at most 1."
        );
        Require(
            BreakerSampling >= TimeSpan.FromSeconds(0.5)
                && BreakerSampling <= TimeSpan.FromHours(24),
            "BreakerSampling must be from 0.5 s to 24 h."
        );
        Require(BreakerThroughputMin >= 2, "BreakerThroughputMin must be at least 2.");
        Require(
            BreakDuration >= TimeSpan.FromSeconds(0.5) && BreakDuration <= TimeSpan.FromHours(24),
            "BreakDuration must be from 0.5 s to 24 h."
        );
        Require(BreakersMax >= 16, "BreakersMax must be at least 16.");
        Require(ConnectionsPerServerMax >= 1, "ConnectionsPerServerMax must be at least 1.");
        Require(ConnectionLifetime > TimeSpan.Zero, "ConnectionLifetime must be above 0.");
        Require(ConnectionIdleTimeout > TimeSpan.Zero, "ConnectionIdleTimeout must be above 0.");
        Require(
            ResponseHeadersKibMax is >= 1 and <= 1024,
            "ResponseHeadersKibMax must be from 1 to 1024."
        );
        Require(ResponseBodyBytesMax >= 0, "ResponseBodyBytesMax must not be negative.");
        Require(
            ResponseBodyTimeMax >= TimeSpan.Zero && ResponseBodyTimeMax <= TimeSpan.FromSeconds(30),
            "ResponseBodyTimeMax must be from 0 to 30 s."
        );
        Require(
            AnyPort || AllowedPorts.Count > 0,
            "AllowedPorts must name a port unless AnyPort is set."
        );
        Require(
            AllowedPorts.All(port => port is >= 1 and <= 65535),
            "AllowedPorts must be from 1 to 65535."
        );
        Require(
            Version.Length > 0
                && Version.All(character =>
                    char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '+'
                ),
            "Version must be letters, digits, dots, hyphens and plus signs."
        );
        return faults;

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static string AssemblyVersion() =>
        typeof(HttpSenderOptions)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "0";
}
