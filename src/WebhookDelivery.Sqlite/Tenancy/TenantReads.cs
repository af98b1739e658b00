using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Reads tenants, keys and endpoints.</summary>
internal static class TenantReads
{
    private const string TenantColumns =
        "tenant, version, name, data_key, created_ms, updated_ms, deleted_ms, routing_revision";
    private const string KeyColumns =
        "key_id, role, tenant, hash, description, created_ms, revoked_ms";
    private const string EndpointColumns =
        "tenant, endpoint, version, backlog_action, failing_since_ms, deleted_ms, document";

    private const string LoadSql = $"SELECT {TenantColumns} FROM tenants WHERE tenant = ?1";
    private const string ListSql =
        $"SELECT {TenantColumns} FROM tenants WHERE tenant > ?1 ORDER BY tenant LIMIT ?2";
    private const string AllEndpointsSql =
        $"SELECT {EndpointColumns} FROM endpoints WHERE tenant = ?1 ORDER BY endpoint";
    private const string LiveEndpointsSql =
        $"SELECT {EndpointColumns} FROM endpoints WHERE tenant = ?1 AND deleted_ms IS NULL ORDER BY endpoint";
    private const string CountDeletedSql =
        "SELECT COUNT(*) FROM endpoints WHERE tenant = ?1 AND deleted_ms IS NOT NULL";
    private const string DeletedSinceSql =
        "SELECT count(*) FROM endpoints WHERE tenant = ?1 AND deleted_ms >= ?2";
    private const string EndpointSql =
        $"SELECT {EndpointColumns} FROM endpoints WHERE tenant = ?1 AND endpoint = ?2";
    private const string BacklogSql =
        $"SELECT {EndpointColumns} FROM endpoints INDEXED BY endpoints_with_backlog_action WHERE backlog_action <> 0 ORDER BY backlog_action DESC LIMIT ?1";
    private const string KeySql = $"SELECT {KeyColumns} FROM api_keys WHERE key_id = ?1";
    private const string KeysSql =
        $"SELECT {KeyColumns} FROM api_keys WHERE tenant IS ?1 ORDER BY created_ms, key_id";

    public static TenantSnapshot? Load(Database database, TenantId tenant)
    {
        using var rows = database.Prepare(LoadSql).Bind(tenant.Value).Query();
        if (!rows.Step())
        {
            return null;
        }

        var live = Endpoints(database.Prepare(LiveEndpointsSql).Bind(tenant.Value));
        return new TenantSnapshot(ReadTenant(rows), live, rows.Int64(7))
        {
            DeletedEndpoints = CountDeleted(database, tenant),
        };
    }

    public static int CountDeletedEndpoints(
        Database database,
        (TenantId Tenant, DateTimeOffset Since) asked
    )
    {
        using var rows = database
            .Prepare(DeletedSinceSql)
            .Bind(asked.Tenant.Value)
            .Bind(asked.Since.ToUnixTimeMilliseconds())
            .Query();
        return rows.Step() ? rows.Int32(0) : 0;
    }

    public static IReadOnlyList<Tenant> List(Database database, (TenantId? After, int Limit) asked)
    {
        var found = new List<Tenant>();
        using var rows = database
            .Prepare(ListSql)
            .Bind(asked.After?.Value ?? "")
            .Bind(asked.Limit)
            .Query();
        while (rows.Step())
        {
            found.Add(ReadTenant(rows));
        }

        return found;
    }

    public static ApiKey? FindKey(Database database, string keyId)
    {
        using var rows = database.Prepare(KeySql).Bind(keyId).Query();
        return rows.Step() ? ReadKey(rows) : null;
    }

    public static IReadOnlyList<ApiKey> ListKeys(Database database, TenantId? tenant)
    {
        var found = new List<ApiKey>();
        using var rows = database.Prepare(KeysSql).Bind(tenant?.Value).Query();
        while (rows.Step())
        {
            found.Add(ReadKey(rows));
        }

        return found;
    }

    public static Endpoint? FindEndpoint(Database database, EndpointKey key)
    {
        using var rows = database
            .Prepare(EndpointSql)
            .Bind(key.TenantId.Value)
            .Bind(key.EndpointId.Value)
            .Query();
        return rows.Step() ? ReadEndpoint(rows) : null;
    }

    public static IReadOnlyList<Endpoint> ListBacklogActions(Database database, int limit) =>
        Endpoints(database.Prepare(BacklogSql).Bind(limit));

    /// <summary>Every endpoint of a tenant, tombstones included, by id.</summary>
    public static IReadOnlyList<Endpoint> AllEndpoints(Database database, TenantId tenant) =>
        Endpoints(database.Prepare(AllEndpointsSql).Bind(tenant.Value));

    private static int CountDeleted(Database database, TenantId tenant)
    {
        using var rows = database.Prepare(CountDeletedSql).Bind(tenant.Value).Query();
        return rows.Step() ? rows.Int32(0) : 0;
    }

    private static List<Endpoint> Endpoints(Statement statement)
    {
        var found = new List<Endpoint>();
        using var rows = statement.Query();
        while (rows.Step())
        {
            found.Add(ReadEndpoint(rows));
        }

        return found;
    }

    private static Tenant ReadTenant(in Statement.Rows rows)
    {
        var id = TenantId.Parse(rows.Text(0));
        return new Tenant
        {
            Id = id,
            Version = rows.Int32(1),
            Name = rows.TextOrNull(2),
            DataKey = new TenantDataKey(id, rows.Bytes(3)),
            CreatedAt = rows.Time(4),
            UpdatedAt = rows.Time(5),
            DeletedAt = rows.TimeOrNull(6),
        };
    }

    private static ApiKey ReadKey(in Statement.Rows rows) =>
        new()
        {
            Id = rows.Text(0),
            Role = (ApiKeyRole)rows.Int32(1),
            TenantId = rows.TextOrNull(2) is { } tenant ? TenantId.Parse(tenant) : null,
            Hash = rows.Bytes(3),
            Description = rows.TextOrNull(4),
            CreatedAt = rows.Time(5),
            RevokedAt = rows.TimeOrNull(6),
        };

    private static Endpoint ReadEndpoint(in Statement.Rows rows) =>
        EndpointDocument.Read(
            rows.Blob(6),
            new EndpointKey(TenantId.Parse(rows.Text(0)), EndpointId.FromBytes(rows.Blob(1))),
            rows.Int32(2),
            (BacklogAction)rows.Int32(3),
            rows.TimeOrNull(4),
            rows.TimeOrNull(5)
        );
}
