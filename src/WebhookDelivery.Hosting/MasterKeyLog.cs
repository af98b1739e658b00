using Microsoft.Extensions.Logging;

namespace WebhookDelivery.Hosting;

/// <summary>What becomes of master keys. Event ids 8110–8119. Never a key.</summary>
internal static partial class MasterKeyLog
{
    [LoggerMessage(
        8110,
        LogLevel.Information,
        "The data keys of {replaced} of {tenants} tenants were wrapped anew under the current master key. Nothing stored needs a previous one any more; backups taken before do."
    )]
    public static partial void Rotated(ILogger logger, int replaced, int tenants);

    [LoggerMessage(
        8111,
        LogLevel.Information,
        "Previous master keys at hand: {previous}. Nothing stored needs them any more; backups taken before a rotation do. Take them out if they were to be deleted."
    )]
    public static partial void PreviousUnneeded(ILogger logger, int previous);
}
