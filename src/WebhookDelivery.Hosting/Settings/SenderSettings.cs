using System.Net;
using WebhookDelivery.Http;

namespace WebhookDelivery.Hosting;

/// <summary>Reads what the sender is told: where it may connect to.</summary>
internal static class SenderSettings
{
    private static readonly IPNetwork[] s_loopback =
    [
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("::1/128"),
    ];

    public static HttpSenderOptions Read(SettingsReader reader, bool dev)
    {
        var defaults = new HttpSenderOptions();
        var networks = new List<IPNetwork>(dev ? s_loopback : []);
        foreach (var text in reader.List("Delivery:AllowedNetworks") ?? [])
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else
            {
                reader.Fault(
                    "Delivery:AllowedNetworks",
                    "must be networks such as 10.1.2.0/24; the address bits behind the prefix must be 0."
                );
            }
        }

        var ports = new List<int>();
        foreach (var text in reader.List("Delivery:AllowedPorts") ?? [])
        {
            if (int.TryParse(text, out var port) && port is >= 1 and <= 65535)
            {
                ports.Add(port);
            }
            else
            {
                reader.Fault("Delivery:AllowedPorts", "must be port numbers from 1 to 65535.");
            }
        }

        return defaults with
        {
            AllowHttp = reader.Flag("Delivery:AllowHttp", dev),
            AllowedNetworks = networks,
            AllowedPorts = ports.Count > 0 ? ports : defaults.AllowedPorts,
            AnyPort = dev,
        };
    }
}
