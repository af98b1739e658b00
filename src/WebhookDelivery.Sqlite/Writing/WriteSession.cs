using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>What operations work on: the writer's connection, within its transaction.</summary>
internal sealed class WriteSession
{
    // 2^40 records per opening, and 2^23 openings: 35 years of one record per millisecond each.
    private const int RecordedBits = 40;

    private readonly Dictionary<TenantId, long> _tenants = [];
    private readonly Dictionary<EndpointKey, long> _endpoints = [];
    private long _recorded;
    private long _commitNumber;
    private long _committed;

    public WriteSession(Database database)
    {
        Database = database;
        database.Execute("UPDATE openings SET count = count + 1");
        _recorded = database.ScalarInt64("SELECT count FROM openings") << RecordedBits;
    }

    public Database Database { get; }

    /// <summary>
    /// The number of the transaction under way, or of the last one; from 1, in this process. Any
    /// thread may read it: a read of the database that has ended saw no commit of a higher number.
    /// </summary>
    public long CommitNumber => Volatile.Read(ref _commitNumber);

    /// <summary>
    /// The number of the last commit; 0 if there was none. Any thread may read it: a read of the
    /// database that begins then sees that commit.
    /// </summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>A number above every one given before, also by earlier processes.</summary>
    public long NextRecorded() => ++_recorded;

    public void Begin()
    {
        Volatile.Write(ref _commitNumber, _commitNumber + 1);
        Prepare("BEGIN IMMEDIATE").Run();
    }

    public void Commit()
    {
        Prepare("COMMIT").Run();
        Volatile.Write(ref _committed, _commitNumber);
    }

    public Statement Prepare(string sql) => Database.Prepare(sql);

    /// <summary>
    /// What is remembered about rows may speak of ones that a rollback undid, or a removal deleted.
    /// </summary>
    public void Forget()
    {
        _tenants.Clear();
        _endpoints.Clear();
    }

    /// <summary>The tenant's small integer, made if it has none.</summary>
    public long TenantRef(TenantId tenant)
    {
        if (!_tenants.TryGetValue(tenant, out var found))
        {
            found = FindTenantRef(tenant) ?? AddTenantRef(tenant);
            Bound(_tenants);
            _tenants.Add(tenant, found);
        }

        return found;
    }

    /// <summary>The endpoint's small integer, made if it has none.</summary>
    public long EndpointRef(EndpointKey key)
    {
        if (!_endpoints.TryGetValue(key, out var found))
        {
            found = FindEndpointRef(key) ?? AddEndpointRef(key);
            Bound(_endpoints);
            _endpoints.Add(key, found);
        }

        return found;
    }

    // 64k entries are some 6 MB; past that, forgetting all is simpler than forgetting the oldest.
    private static void Bound<TKey>(Dictionary<TKey, long> cache)
        where TKey : notnull
    {
        if (cache.Count >= 65_536)
        {
            cache.Clear();
        }
    }

    private long? FindTenantRef(TenantId tenant)
    {
        using var rows = Prepare("SELECT ref FROM tenant_refs WHERE tenant = ?1")
            .Bind(tenant.Value)
            .Query();
        return rows.Step() ? rows.Int64(0) : null;
    }

    private long AddTenantRef(TenantId tenant)
    {
        Prepare("INSERT INTO tenant_refs (tenant) VALUES (?1)").Bind(tenant.Value).Run();
        return Database.LastInsertRowId;
    }

    private long? FindEndpointRef(EndpointKey key)
    {
        using var rows = Prepare(
                "SELECT ref FROM endpoint_refs WHERE tenant = ?1 AND endpoint = ?2"
            )
            .Bind(TenantRef(key.TenantId))
            .Bind(key.EndpointId.Value)
            .Query();
        return rows.Step() ? rows.Int64(0) : null;
    }

    private long AddEndpointRef(EndpointKey key)
    {
        Prepare("INSERT INTO endpoint_refs (tenant, endpoint) VALUES (?1, ?2)")
            .Bind(TenantRef(key.TenantId))
            .Bind(key.EndpointId.Value)
            .Run();
        return Database.LastInsertRowId;
    }
}
