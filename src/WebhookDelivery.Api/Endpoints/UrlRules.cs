using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What an endpoint's URL may be: the host's policy decides.</summary>
internal static class UrlRules
{
    public static async Task CheckAsync<T>(
        string member,
        Optional<string?> url,
        ValidationContext<T> context,
        IEndpointUrlPolicy policy,
        CancellationToken cancellationToken
    )
    {
        if (url.IsGiven)
        {
            var fault = url.Value is { } text
                ? await policy.FindFaultAsync(text, cancellationToken)
                : "Must not be null.";
            if (fault is not null)
            {
                context.AddFailure(member, fault);
            }
        }
    }
}
