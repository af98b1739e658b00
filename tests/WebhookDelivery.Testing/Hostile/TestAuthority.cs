using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WebhookDelivery.Testing;

/// <summary>A certificate authority of the tests' own. Thread-safe.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset s_today = DateTimeOffset.UtcNow;

    private TestAuthority(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>Its own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Makes a root, or an authority under another one.</summary>
    public static TestAuthority Create(string name, TestAuthority? issuer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(true, false, 0, critical: true)
        );
        return new(Sign(request, key, issuer?.Certificate, s_today.AddDays(30)));
    }

    /// <summary>Makes a server's certificate that nobody vouches for.</summary>
    /// <param name="hosts">Names and addresses that it is for.</param>
    public static X509Certificate2 SelfSigned(params string[] hosts) => Leaf(null, hosts);

    /// <summary>Makes a server's certificate.</summary>
    /// <param name="hosts">Names and addresses that it is for.</param>
    /// <param name="notAfter">When it expires; in 20 days if not given.</param>
    /// <param name="issuerUrl">Where it says that its issuer's certificate can be fetched.</param>
    public X509Certificate2 Issue(
        string[] hosts,
        DateTimeOffset? notAfter = null,
        string? issuerUrl = null
    ) => Leaf(Certificate, hosts, notAfter, issuerUrl);

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static X509Certificate2 Leaf(
        X509Certificate2? issuer,
        string[] hosts,
        DateTimeOffset? notAfter = null,
        string? issuerUrl = null
    )
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hosts[0]}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        if (issuerUrl is not null)
        {
            request.CertificateExtensions.Add(
                new X509AuthorityInformationAccessExtension(
                    ocspUris: null,
                    caIssuersUris: [issuerUrl]
                )
            );
        }

        return Sign(request, key, issuer, notAfter ?? s_today.AddDays(20));
    }

    private static X509Certificate2 Sign(
        CertificateRequest request,
        ECDsa key,
        X509Certificate2? issuer,
        DateTimeOffset notAfter
    )
    {
        var notBefore = s_today.AddDays(-10);
        if (issuer is null)
        {
            return request.CreateSelfSigned(notBefore, notAfter);
        }

        using var signed = request.Create(
            issuer,
            notBefore,
            notAfter,
            RandomNumberGenerator.GetBytes(8)
        );
        return signed.CopyWithPrivateKey(key);
    }
}
