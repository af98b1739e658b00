using System.Net;
using System.Net.Sockets;

namespace WebhookDelivery.Http;

/// <summary>
/// Decides which IP addresses a webhook may be sent to: public unicast space, and the networks that
/// the operator exempts. Judges addresses, never strings. Pure and thread-safe.
/// </summary>
/// <remarks>
/// Sources: the IANA special-purpose address registries,
/// https://www.iana.org/assignments/iana-ipv4-special-registry and
/// https://www.iana.org/assignments/iana-ipv6-special-registry.
/// </remarks>
public sealed class AddressPolicy
{
    /// <summary>
    /// Everything that is not public unicast. 192.0.0.0/24 holds a cloud's metadata service
    /// (192.0.0.192), 100.64.0.0/10 another's (100.100.100.200); 168.63.129.16 is public by number
    /// only: inside Azure it is the host's own service.
    /// </summary>
    private static readonly IPNetwork[] RefusedIPv4 =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    /// <summary>The special ranges inside 2000::/3: Teredo, ORCHID and benchmarks in 2001::/23,
    /// documentation, 6to4 (which wraps an IPv4 address) and documentation again.</summary>
    private static readonly IPNetwork[] RefusedIPv6 =
    [
        .. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse),
    ];

    /// <summary>RFC 6052's well-known prefix; the IPv4 address is in the last 32 bits.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _exempt;

    /// <summary>Makes a policy.</summary>
    /// <param name="allowedNetworks">Networks that are allowed whatever they are; may be empty.</param>
    public AddressPolicy(IEnumerable<IPNetwork> allowedNetworks) => _exempt = [.. allowedNetworks];

    /// <summary>
    /// Whether a webhook may go to <paramref name="address"/>. An IPv4-mapped address counts as the
    /// IPv4 address it maps, and so does one inside NAT64; an address with a scope id is refused.
    /// </summary>
    public bool Allows(IPAddress address)
    {
        address = Unmap(address);
        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork => In(_exempt, address) || !In(RefusedIPv4, address),
            AddressFamily.InterNetworkV6 => AllowsIPv6(address),
            _ => false,
        };
    }

    /// <summary>The IPv4 address that an IPv4-mapped one stands for; any other as it is.</summary>
    internal static IPAddress Unmap(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool AllowsIPv6(IPAddress address)
    {
        if (address.ScopeId != 0)
        {
            return false;
        }

        if (In(_exempt, address))
        {
            return true;
        }

        return Nat64.Contains(address)
            ? Allows(EmbeddedIPv4(address))
            : GlobalIPv6.Contains(address) && !In(RefusedIPv6, address);
    }

    private static IPAddress EmbeddedIPv4(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return new IPAddress(bytes[12..]);
    }

    private static bool In(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
