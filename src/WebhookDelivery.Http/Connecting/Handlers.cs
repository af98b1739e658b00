using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebhookDelivery.Http;

/// <summary>Makes the one HTTP handler of the sender, with everything off that a webhook has no use for.</summary>
internal static class Handlers
{
    /// <summary>
    /// What a byte of the body may cost on the wire: six for a chunk of its own, and room for modest
    /// extensions.
    /// </summary>
    private const long WireBytesPerBodyByteMax = 8;

    /// <summary>What the handler may have read ahead of the limits that it knows.</summary>
    private const long ReadAheadBytesMax = 64 * 1024;

    public static SocketsHttpHandler Make(
        HttpSenderOptions options,
        AddressPolicy policy,
        IHostResolver resolver,
        IDialer dialer,
        TimeProvider timeProvider,
        X509Certificate2Collection? trustedRoots
    )
    {
        var connector = new GuardedConnector(policy, resolver, dialer, timeProvider);
        var responseBytesMax =
            (options.ResponseHeadersKibMax * 1024L)
            + (options.ResponseBodyBytesMax * WireBytesPerBodyByteMax)
            + ReadAheadBytesMax;
        return new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            PlaintextStreamFilter = (context, _) =>
                new ValueTask<Stream>(
                    new ReceiverStream(context.PlaintextStream, responseBytesMax)
                ),
            // The deadline comes first; this ends what goes on connecting after it.
            ConnectTimeout = TimeSpan.FromSeconds(30),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PreAuthenticate = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = options.ConnectionsPerServerMax,
            PooledConnectionLifetime = options.ConnectionLifetime,
            PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
            // Interim (1xx) responses count towards it too, so that a flood of them ends.
            MaxResponseHeadersLength = options.ResponseHeadersKibMax,
            // A body that was not read to its end is not worth reading: drop the connection.
            MaxResponseDrainSize = 0,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            SslOptions = Tls(trustedRoots),
        };
    }

    /// <summary>
    /// A receiver's certificate may name URLs for its issuer and its revocation list. Fetching them
    /// would be a request of the receiver's choice from our network, past the address guard, so
    /// neither is fetched: a receiver has to send its intermediate certificates.
    /// </summary>
    private static SslClientAuthenticationOptions Tls(X509Certificate2Collection? trustedRoots)
    {
        var chain = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (trustedRoots is not null)
        {
            chain.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.CustomTrustStore.AddRange(trustedRoots);
        }

        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = chain,
            AllowRenegotiation = false,
        };
    }
}
