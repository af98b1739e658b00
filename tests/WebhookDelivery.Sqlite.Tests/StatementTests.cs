using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class StatementTests
{
    private const int MoreThanIsKept = 200_000;

    [Fact]
    public void Bind_Values_ComeBackAsTheyAre()
    {
        using var directory = new TemporaryDirectory();
        using var database = Open(directory);
        // Twice over: the second time the statement's memory has grown, and parameters change between
        // null and a value.
        foreach (var round in new[] { 0, 1, 0, 1 })
        {
            foreach (var length in new[] { 0, 1, 300, 5_000, MoreThanIsKept })
            {
                var blob = Enumerable.Range(0, length).Select(i => (byte)(i * 7)).ToArray();
                var text = new string('ł', length) + "\0end";
                long? number = round == 0 ? null : long.MinValue;
                using var rows = database
                    .Prepare("SELECT ?1, ?2, ?3, ?4, typeof(?1), typeof(?5)")
                    .Bind(blob)
                    .Bind(text)
                    .Bind(number)
                    .Bind(round == 0 ? text : null)
                    .Bind(round == 0 ? null : "")
                    .Query();
                Assert.True(rows.Step());
                Assert.Equal(blob, rows.Bytes(0));
                Assert.Equal(text, rows.Text(1));
                Assert.Equal(number, rows.Int64OrNull(2));
                Assert.Equal(round == 0 ? text : null, rows.TextOrNull(3));
                Assert.Equal("blob", rows.Text(4));
                Assert.Equal(round == 0 ? "null" : "text", rows.Text(5));
                Assert.False(rows.Step());
            }
        }
    }

    [Fact]
    public void Prepare_WhileItsRowsAreRead_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        using var database = Open(directory);
        const string Sql = "SELECT ?1";
        using (var rows = database.Prepare(Sql).Bind("first").Query())
        {
            Assert.True(rows.Step());
            Assert.Throws<InvalidOperationException>(() => database.Prepare(Sql));
            Assert.Equal("first", rows.Text(0));
        }

        using var again = database.Prepare(Sql).Bind("second").Query();
        Assert.True(again.Step());
        Assert.Equal("second", again.Text(0));
    }

    [Fact]
    public void Step_ParameterNotBound_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        using var database = Open(directory);
        Assert.Throws<InvalidOperationException>(() =>
            database.Prepare("SELECT ?1, ?2").Bind(1L).Run()
        );
    }

    [Fact]
    public void Dispose_ThenUse_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        var database = Open(directory);
        var statement = database.Prepare("SELECT 1");
        database.Dispose();

        Assert.Throws<ObjectDisposedException>(() => database.Prepare("SELECT 1"));
        Assert.ThrowsAny<Exception>(() => statement.Step());
        Assert.Throws<ObjectDisposedException>(() => database.Changes);
        Assert.Throws<ObjectDisposedException>(() => database.LastInsertRowId);
        Assert.False(database.InTransaction);
        database.Dispose();
    }

    [Fact]
    public void Prepare_AfterARunThatBrokeOffBetweenBindings_BindsFromTheFirstAgain()
    {
        using var directory = new TemporaryDirectory();
        using var database = Open(directory);
        const string Sql = "SELECT ?1 * 10 + ?2";
        Assert.Throws<InvalidOperationException>(() =>
            database.Prepare(Sql).Bind(7L).Bind(Fails())
        );

        using var rows = database.Prepare(Sql).Bind(4L).Bind(2L).Query();
        Assert.True(rows.Step());
        Assert.Equal(42, rows.Int64(0));
    }

    private static Database Open(TemporaryDirectory directory) =>
        Database.Open(
            Path.Combine(directory.Path, "test.db"),
            readOnly: false,
            TimeSpan.FromSeconds(1)
        );

    private static long Fails() => throw new InvalidOperationException("between two bindings");
}
