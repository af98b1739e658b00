using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Lambda;

/// <summary>
/// The operator key where it is kept: in a SecureString parameter of SSM, so that neither a template
/// nor a function's environment holds it.
/// </summary>
internal sealed class AdminKeySecret(
    IAmazonSimpleSystemsManagement ssm,
    TimeProvider time,
    ILogger<AdminKeySecret> logger
)
{
    /// <summary>The setting that names the parameter, or its ARN; within the section of settings.</summary>
    public const string Name = "AdminKeySecret";

    /// <summary>Short of the 10 s that Lambda gives to a start: failing in time says why.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    /// <summary>How its client behaves; where SSM is, the environment says.</summary>
    public static AmazonSimpleSystemsManagementConfig ClientConfig() =>
        new()
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 2,
            Timeout = TimeSpan.FromSeconds(3),
        };

    /// <summary>The parameter that the settings name; null where they name none.</summary>
    /// <exception cref="StartException">They give a key as well.</exception>
    public static string? ParameterOf(IConfiguration configuration, HostSettings settings)
    {
        if (configuration[$"{HostSettings.Section}:{Name}"] is not { Length: > 0 } parameter)
        {
            return null;
        }

        return settings.AdminKey is null
            ? parameter
            : throw new StartException(
                $"{HostSettings.Section}:AdminKey and {HostSettings.Section}:{Name} are both set: only one of them can say what the operator key is."
            );
    }

    /// <summary>
    /// Reads the key. It is as old as the parameter's value, so that of two processes that read it
    /// before and after a change the latter has the newer key. Null, and a line in the log, where there
    /// is no such parameter: an API without operators can still take events.
    /// </summary>
    /// <param name="parameter">The parameter's name or ARN.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StartException">SSM cannot be asked, or what it has is no operator key.</exception>
    public async Task<ApiKey?> ReadAsync(string parameter, CancellationToken cancellationToken)
    {
        if (await FindAsync(parameter, cancellationToken) is not { } found)
        {
            AdminKeyLog.Missing(logger, parameter);
            return null;
        }

        // What comes from a file ends with a line's end.
        var key = ApiKeyToken.ReadOperatorKey(
            (found.Value ?? "").Trim(),
            found.LastModifiedDate?.ToUniversalTime() ?? time.GetUtcNow()
        );
        return key
            ?? throw new StartException(
                $"The parameter {parameter}, which {HostSettings.Section}:{Name} names, must hold an operator key (wha_…) as `admin-key` prints one; what it holds is none."
            );
    }

    private async Task<Parameter?> FindAsync(string parameter, CancellationToken cancellationToken)
    {
        using var patient = new CancellationTokenSource(s_patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(
            patient.Token,
            cancellationToken
        );
        try
        {
            var answer = await ssm.GetParameterAsync(
                new GetParameterRequest { Name = parameter, WithDecryption = true },
                linked.Token
            );
            return answer.Parameter;
        }
        catch (ParameterNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Without the exception itself: one of an answer that cannot be read may quote the answer.
            throw new StartException(
                $"The operator key cannot be read: SSM refused or did not answer for the parameter {parameter}, which {HostSettings.Section}:{Name} names: {Reason(exception)}"
            );
        }
    }

    private static string Reason(Exception exception) =>
        exception switch
        {
            AmazonUnmarshallingException => "what it answered cannot be read.",
            AmazonServiceException { ErrorCode.Length: > 0 } refused =>
                $"{refused.ErrorCode}: {refused.Message}",
            OperationCanceledException => $"nothing came in {s_patience.TotalSeconds} s.",
            _ => exception.Message,
        };
}
