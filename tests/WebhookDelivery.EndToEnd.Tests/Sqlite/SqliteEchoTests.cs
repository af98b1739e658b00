using SQLitePCL;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class SqliteEchoTests : EchoTests<SqliteHome>
{
    private const string Sql =
        "SELECT last_excerpt, last_headers FROM deliveries UNION ALL SELECT excerpt, headers FROM attempts";

    protected override Task<byte[]> ReadAnswersAsync()
    {
        using var bytes = new MemoryStream();
        Batteries_V2.Init();
        var path = Path.Combine(Engine.DataDirectory, "webhooks.db");
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(path, out var database));
        using (database)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(database, Sql, out var statement));
            using (statement)
            {
                while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
                {
                    bytes.Write(raw.sqlite3_column_blob(statement, 0));
                    bytes.Write("\n"u8);
                    bytes.Write(raw.sqlite3_column_blob(statement, 1));
                    bytes.Write("\n"u8);
                }
            }
        }

        return Task.FromResult(bytes.ToArray());
    }
}
