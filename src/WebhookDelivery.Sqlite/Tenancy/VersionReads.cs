using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>Reads what endpoints are, and were.</summary>
internal static class VersionReads
{
    private const string Columns =
        "version, deleted_ms, revision, first_revision, document, endpoint";

    private const string NewestSql =
        $"SELECT {Columns} FROM endpoints WHERE tenant = ?1 ORDER BY endpoint";

    // Versions without a revision are older than all that have one.
    private const string ThenSql = $"""
        SELECT {Columns} FROM endpoint_versions
        WHERE tenant = ?1 AND endpoint = ?2 AND (revision <= ?3 OR revision IS NULL)
        ORDER BY version DESC LIMIT 1
        """;

    public static IReadOnlyList<EndpointVersion> List(
        Database database,
        (TenantId Tenant, long AtRevision) asked
    )
    {
        var found = new List<EndpointVersion>();
        using var rows = database.Prepare(NewestSql).Bind(asked.Tenant.Value).Query();
        while (rows.Step())
        {
            var newest = Read(asked.Tenant, rows);
            if (
                !(newest.Revision <= asked.AtRevision)
                && Then(database, newest.Endpoint.Key, asked.AtRevision) is { } then
            )
            {
                found.Add(then);
            }

            found.Add(newest);
        }

        return found;
    }

    /// <summary>Whether something was superseded by the time.</summary>
    public static bool AnyOld(Database database, long beforeMs)
    {
        using var rows = database
            .Prepare("SELECT 1 FROM endpoint_versions WHERE superseded_ms <= ?1 LIMIT 1")
            .Bind(beforeMs)
            .Query();
        return rows.Step();
    }

    private static EndpointVersion? Then(Database database, EndpointKey key, long revision)
    {
        using var rows = database
            .Prepare(ThenSql)
            .Bind(key.TenantId.Value)
            .Bind(key.EndpointId.Value)
            .Bind(revision)
            .Query();
        return rows.Step() ? Read(key.TenantId, rows) : null;
    }

    // Nothing that an explanation is made of depends on what its backlog is owed or since when it fails.
    private static EndpointVersion Read(TenantId tenant, in Statement.Rows rows) =>
        new(
            EndpointDocument.Read(
                rows.Blob(4),
                new EndpointKey(tenant, EndpointId.FromBytes(rows.Blob(5))),
                rows.Int32(0),
                BacklogAction.None,
                failingSince: null,
                rows.TimeOrNull(1)
            ),
            rows.Int64OrNull(2),
            rows.Int64OrNull(3)
        );
}
