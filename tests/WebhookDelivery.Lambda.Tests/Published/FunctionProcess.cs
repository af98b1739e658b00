using WebhookDelivery.Testing;

namespace WebhookDelivery.Lambda.Tests;

/// <summary>The published program in a process of its own, with a Lambda of its own to serve.</summary>
internal sealed class FunctionProcess : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;

    private FunctionProcess(
        RuntimeApiDouble lambda,
        ServerProcess process,
        TemporaryDirectory directory
    )
    {
        Lambda = lambda;
        Process = process;
        _directory = directory;
    }

    /// <summary>What invokes it.</summary>
    public RuntimeApiDouble Lambda { get; }

    /// <summary>The process.</summary>
    public ServerProcess Process { get; }

    /// <summary>Starts it.</summary>
    /// <param name="settings">Settings by their environment variables' names.</param>
    public static async Task<FunctionProcess> StartAsync(
        IReadOnlyDictionary<string, string> settings
    )
    {
        var assembly = await PublishedProgram.AssemblyAsync();
        var lambda = await RuntimeApiDouble.StartAsync();
        var directory = new TemporaryDirectory();
        var environment = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            ["AWS_LAMBDA_RUNTIME_API"] = lambda.Address,
            ["AWS_LAMBDA_FUNCTION_NAME"] = "webhooks",
        };
        return new FunctionProcess(
            lambda,
            ServerProcess.Start(assembly, directory.Path, [], environment),
            directory
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Lambda.DisposeAsync();
        _directory.Dispose();
    }
}
