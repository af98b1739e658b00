using WebhookDelivery.Api;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>Ready while the engine stores what it is given; why it does not stands in the log.</summary>
internal sealed class SqliteReadiness(SqliteEngine engine) : IReadinessCheck
{
    public async ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken) =>
        await engine.CheckAsync(cancellationToken) is null
            ? null
            : "The store refuses writes; the server's log says why.";
}
