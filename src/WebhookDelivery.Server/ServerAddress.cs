using WebhookDelivery.Hosting;

namespace WebhookDelivery.Server;

/// <summary>The address of a running server, as <c>--url</c> gives it.</summary>
internal static class ServerAddress
{
    /// <summary>Reads it.</summary>
    /// <exception cref="StartException">It is not one, such as <c>localhost:8080</c>, which lacks its scheme.</exception>
    public static Uri Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var server) && server.Scheme is ("http" or "https")
            ? server
            : throw new StartException(
                $"--url {url} is not an address such as http://localhost:8080."
            );
}
