using System.Collections.Concurrent;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>Allows absolute https URLs except towards one host.</summary>
internal sealed class FakeUrlPolicy : IEndpointUrlPolicy
{
    public const string BlockedHost = "internal.test";
    public const string Fault = "The URL must be https and public.";

    /// <summary>Every URL that was asked about.</summary>
    internal static ConcurrentBag<string> Asked { get; } = [];

    public ValueTask<string?> FindFaultAsync(string url, CancellationToken cancellationToken)
    {
        Asked.Add(url);
        return new(
            Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            && parsed.Scheme == Uri.UriSchemeHttps
            && parsed.Host != BlockedHost
                ? null
                : Fault
        );
    }
}
