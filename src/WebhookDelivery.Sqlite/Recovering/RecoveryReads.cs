using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Reads recoveries.</summary>
internal static class RecoveryReads
{
    private const string Columns =
        "tenant, endpoint, recovery, version, next_ms, finished_ms, document";
    private const string FindSql =
        $"SELECT {Columns} FROM recoveries WHERE tenant = ?1 AND endpoint = ?2 AND recovery = ?3";

    // Without a bound, one that no id reaches: 16 bytes are less than 17 that begin alike.
    private const string ListSql = $"""
        SELECT {Columns} FROM recoveries
        WHERE tenant = ?1 AND endpoint = ?2 AND recovery < ?3
        ORDER BY recovery DESC LIMIT ?4
        """;
    private const string RunningSql = $"""
        SELECT {Columns} FROM recoveries INDEXED BY recoveries_running
        WHERE next_ms IS NOT NULL ORDER BY next_ms LIMIT ?1
        """;

    private static readonly byte[] s_afterAll = [.. Enumerable.Repeat((byte)0xFF, 17)];

    public static Recovery? Find(Database database, (EndpointKey Endpoint, RecoveryId Id) asked)
    {
        using var rows = database
            .Prepare(FindSql)
            .Bind(asked.Endpoint.TenantId.Value)
            .Bind(asked.Endpoint.EndpointId.Value)
            .Bind(asked.Id.Value)
            .Query();
        return rows.Step() ? Read(rows) : null;
    }

    public static IReadOnlyList<Recovery> List(
        Database database,
        (EndpointKey Endpoint, RecoveryId? Before, int Limit) asked
    )
    {
        var statement = database
            .Prepare(ListSql)
            .Bind(asked.Endpoint.TenantId.Value)
            .Bind(asked.Endpoint.EndpointId.Value);
        statement = asked.Before is { } before
            ? statement.Bind(before.Value)
            : statement.Bind(s_afterAll);
        return All(statement.Bind(asked.Limit));
    }

    public static IReadOnlyList<Recovery> ListRunning(Database database, int limit) =>
        All(database.Prepare(RunningSql).Bind(limit));

    private static List<Recovery> All(Statement statement)
    {
        var found = new List<Recovery>();
        using var rows = statement.Query();
        while (rows.Step())
        {
            found.Add(Read(rows));
        }

        return found;
    }

    private static Recovery Read(in Statement.Rows rows) =>
        RecoveryDocument.Read(
            rows.Blob(6),
            new EndpointKey(TenantId.Parse(rows.Text(0)), EndpointId.FromBytes(rows.Blob(1))),
            RecoveryId.FromBytes(rows.Blob(2)),
            rows.Int64(3),
            rows.TimeOrNull(4),
            rows.TimeOrNull(5)
        );
}
