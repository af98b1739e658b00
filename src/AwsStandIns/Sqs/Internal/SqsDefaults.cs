using System.Collections.ObjectModel;
using Amazon.Runtime;

namespace Amazon.SQS.Internal;

/// <summary>What the modes of `AWS_DEFAULTS_MODE` mean for SQS.</summary>
/// <remarks>
/// Only the time to connect differs between them (see the AWS SDKs' reference of smart configuration
/// defaults): 3.1 s, 1.1 s inside a region, 30 s on a phone.
/// </remarks>
internal static class SqsDefaults
{
    public static ReadOnlyCollection<IDefaultConfiguration> All { get; } =
        new([
            Mode(DefaultConfigurationMode.Standard, 3100),
            Mode(DefaultConfigurationMode.InRegion, 1100),
            Mode(DefaultConfigurationMode.CrossRegion, 3100),
            Mode(DefaultConfigurationMode.Mobile, 30_000),
            Mode(DefaultConfigurationMode.Auto, 1100),
        ]);

    private static DefaultConfiguration Mode(DefaultConfigurationMode name, int connectMs) =>
        new()
        {
            Name = name,
            RetryMode = RequestRetryMode.Standard,
            ConnectTimeout = TimeSpan.FromMilliseconds(connectMs),
            TlsNegotiationTimeout = TimeSpan.FromMilliseconds(connectMs),
        };
}
