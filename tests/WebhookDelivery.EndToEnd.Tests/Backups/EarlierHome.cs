using WebhookDelivery.Testing;

namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The embedded engine, on the database of an earlier version.</summary>
public abstract class EarlierHome : IEngine
{
    private readonly TemporaryDirectory _directory = new();

    protected EarlierHome(string name)
    {
        Database = EarlierDatabase.Read(name);
        Database.Unpack(Path.Combine(_directory.Path, "data"));
    }

    /// <summary>What is there.</summary>
    public EarlierDatabase Database { get; }

    /// <inheritdoc/>
    public async Task<IRunningServer> StartAsync(ServerSetup setup) =>
        await ServerInProcess.StartAsync(
            setup,
            _directory.Path,
            [
                KeyValuePair.Create(
                    "DataDirectory",
                    (string?)Path.Combine(_directory.Path, "data")
                ),
                KeyValuePair.Create("Secrets:MasterKey", (string?)Database.MasterKey),
            ]
        );

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>The first version of the schema.</summary>
public sealed class Version1Home() : EarlierHome("version-1");

/// <summary>The last version before attempts, deliveries and endpoints were kept in more detail.</summary>
public sealed class Version4Home() : EarlierHome("version-4");
