using Microsoft.Extensions.Logging.Abstractions;
using WebhookDelivery.Contracts;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

/// <summary>The embedded engine over real files that are there for one test.</summary>
internal sealed class SqliteContractEngine : ContractEngine
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteEngine _engine;

    public SqliteContractEngine(TimeProvider time) =>
        _engine = SqliteEngine.Open(
            new SqliteEngineOptions { DataDirectory = _directory.Path },
            time,
            NullLoggerFactory.Instance
        );

    public override IEventStore Events => _engine.EventStore;

    public override ITenantStore Tenants => _engine.TenantStore;

    public override IRecoveryStore Recoveries => _engine.RecoveryStore;

    public override IDeliveryQueue Queue => _engine.DeliveryQueue;

    public override IStatisticsStore Statistics => _engine.StatisticsStore;

    public override async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _directory.Dispose();
    }
}
