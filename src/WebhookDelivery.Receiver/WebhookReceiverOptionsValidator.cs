using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

internal sealed class WebhookReceiverOptionsValidator(IServiceProvider services)
    : IValidateOptions<WebhookReceiverOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookReceiverOptions options)
    {
        var faults = new List<string>();
        FindSecretFaults(options, faults);
        if (options.Tolerance < TimeSpan.Zero)
        {
            faults.Add($"{nameof(options.Tolerance)} is negative.");
        }

        if (options.PayloadBytesMax < 1)
        {
            faults.Add($"{nameof(options.PayloadBytesMax)} is below 1.");
        }

        if (options.RememberedIdsMax < 1)
        {
            faults.Add($"{nameof(options.RememberedIdsMax)} is below 1.");
        }

        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(f => $"Webhook receiver: {f}"));
    }

    private void FindSecretFaults(WebhookReceiverOptions options, List<string> faults)
    {
        // Asked for late: the default source needs the options that are being validated.
        using var scope = services.CreateScope();
        if (
            scope.ServiceProvider.GetRequiredService<IWebhookSecretSource>()
            is not OptionsSecretSource
        )
        {
            return;
        }

        if (options.Secrets.Count == 0)
        {
            faults.Add($"{nameof(options.Secrets)} is empty.");
            return;
        }

        var standard = false;
        for (var i = 0; i < options.Secrets.Count; i++)
        {
            if (!SigningSecret.TryParse(options.Secrets[i], out var secret, out var problem))
            {
                faults.Add($"{nameof(options.Secrets)}[{i}]: {problem}");
            }

            standard |= secret is null or { SupportsStandardWebhooks: true };
        }

        if (options.Policy is SchemePolicy.StandardWebhooks or SchemePolicy.Both && !standard)
        {
            faults.Add($"{nameof(options.Policy)} needs Standard Webhooks; no secret supports it.");
        }
    }
}
