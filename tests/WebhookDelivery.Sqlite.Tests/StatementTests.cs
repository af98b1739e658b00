using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class StatementTests
{
    [Fact]
    public void Prepare_AfterARunThatBrokeOffBetweenBindings_BindsFromTheFirstAgain()
    {
        using var directory = new TemporaryDirectory();
        using var database = Database.Open(
            Path.Combine(directory.Path, "test.db"),
            readOnly: false,
            TimeSpan.FromSeconds(1)
        );
        const string Sql = "SELECT ?1 * 10 + ?2";
        Assert.Throws<InvalidOperationException>(() =>
            database.Prepare(Sql).Bind(7L).Bind(Fails())
        );

        using var rows = database.Prepare(Sql).Bind(4L).Bind(2L).Query();
        Assert.True(rows.Step());
        Assert.Equal(42, rows.Int64(0));
    }

    private static long Fails() => throw new InvalidOperationException("between two bindings");
}
