namespace WebhookDelivery.Sqlite;

/// <summary>
/// <c>INSERT OR IGNORE</c> of many rows in few statements. Within one statement SQLite stays at the
/// place of the row before, and rows that come in the order of a tree are each put behind the last,
/// where a statement for each would look for its place anew.
/// </summary>
/// <typeparam name="TRow">What a row's parameters are bound from.</typeparam>
internal sealed class RowsInsert<TRow>
{
    /// <summary>Rows of the longest statement, a power of two: more gain hardly anything.</summary>
    private const int RowsMax = 16;

    /// <summary>By the power of two of their rows.</summary>
    private readonly string[] _statements;
    private readonly Action<Statement, TRow> _bind;

    /// <param name="into">The table and its columns.</param>
    /// <param name="row">The values of one row, a question mark for each parameter.</param>
    /// <param name="bind">Binds the parameters of one row.</param>
    public RowsInsert(string into, string row, Action<Statement, TRow> bind)
    {
        _bind = bind;
        _statements =
        [
            .. Enumerable
                .Range(0, int.Log2(RowsMax) + 1)
                .Select(power =>
                    $"INSERT OR IGNORE INTO {into} VALUES {string.Join(", ", Enumerable.Repeat(row, 1 << power))}"
                ),
        ];
    }

    /// <summary>Inserts all rows, in order.</summary>
    /// <returns>How many were not there already.</returns>
    public int Run(Database database, ReadOnlySpan<TRow> rows)
    {
        var inserted = 0;
        while (rows.Length > 0)
        {
            var power = int.Log2(Math.Min(rows.Length, RowsMax));
            var statement = database.Prepare(_statements[power]);
            foreach (var row in rows[..(1 << power)])
            {
                _bind(statement, row);
            }

            inserted += statement.Run();
            rows = rows[(1 << power)..];
        }

        return inserted;
    }
}
