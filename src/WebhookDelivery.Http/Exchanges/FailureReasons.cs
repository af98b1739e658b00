using System.Net.Sockets;
using System.Security.Authentication;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>Says what an exception of the handler means for the attempt. Pure.</summary>
internal static class FailureReasons
{
    /// <summary>
    /// Our own exceptions decide first, wherever they are nested, then the handler's verdict, then the
    /// root cause. A connection that ends before the head of a response is complete, whether closed or
    /// reset, is one outcome: which of the two the kernel reports depends on timing.
    /// </summary>
    public static ReasonCode Of(Exception failure)
    {
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case BlockedAddressException:
                    return ReasonCode.BlockedAddress;
                case HostUnresolvedException:
                    return ReasonCode.DnsFailed;
            }
        }

        return (failure as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => ReasonCode.DnsFailed,
            HttpRequestError.SecureConnectionError => ReasonCode.TlsFailed,
            HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded =>
                ReasonCode.ConnectFailed,
            HttpRequestError.InvalidResponse
            or HttpRequestError.ConfigurationLimitExceeded
            or HttpRequestError.HttpProtocolError => ReasonCode.BadResponse,
            _ => OfRoot(failure.GetBaseException()),
        };
    }

    private static ReasonCode OfRoot(Exception root) =>
        root switch
        {
            AuthenticationException => ReasonCode.TlsFailed,
            SocketException or IOException => ReasonCode.ConnectFailed,
            _ => ReasonCode.BadResponse,
        };
}
