using System.Diagnostics;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>An arm in a process of its own, most of them sub-commands of this program; it speaks in lines of JSON.</summary>
internal sealed class ArmProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _name;

    private ArmProcess(string name, Process process)
    {
        _name = name;
        _process = process;
    }

    public int Pid => _process.Id;

    public static ArmProcess Start(
        RunSettings settings,
        string name,
        params IEnumerable<string> arguments
    )
    {
        var start = Children.Of(
            settings,
            typeof(ArmProcess).Assembly.Location,
            [name, .. arguments]
        );
        start.RedirectStandardError = false;
        if (name == "load")
        {
            // The generator is nobody's arm: completing on the thread that polls saves it a switch.
            start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        }

        return new ArmProcess(name, Process.Start(start)!);
    }

    /// <summary>A script of the peer; it too speaks in lines of JSON, and ends with its input.</summary>
    public static ArmProcess StartNode(
        RunSettings settings,
        string script,
        params IEnumerable<string> arguments
    ) =>
        new(
            script,
            Process.Start(
                new ProcessStartInfo("node", [Path.Combine(settings.Peer, script), .. arguments])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            )!
        );

    /// <summary>Tells the arm that no more is wanted of it.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>The arm's next line.</summary>
    public async Task<T> ReadAsync<T>(CancellationToken cancellationToken)
    {
        var line =
            await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new BrokenRunException($"The arm {_name} ended without a result.");
        return JsonSerializer.Deserialize<T>(line)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
