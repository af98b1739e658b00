using System.Diagnostics;
using System.Text.Json;

namespace WebhookDelivery.Testing;

/// <summary>
/// Asks the npm libraries that receivers use whether they accept a delivery. One Node process per
/// instance, started by <see cref="Start"/> and ended by <see cref="DisposeAsync"/>; calls from
/// several threads are answered one after the other.
/// </summary>
/// <remarks>The libraries read the machine's clock: sign with the real time.</remarks>
public sealed class NpmVerifier : IAsyncDisposable
{
    /// <summary>Every library <see cref="VerifyAsync"/> knows.</summary>
    public static readonly IReadOnlyList<string> Libraries = ["stripe", "standardwebhooks", "svix"];

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private NpmVerifier(Process process) => _process = process;

    /// <summary>The folder with the npm packages, found upwards from the test's binaries.</summary>
    public static string EmulatorsDirectory { get; } = FindEmulators();

    /// <summary>Starts Node.</summary>
    /// <exception cref="InvalidOperationException">The npm packages are not installed.</exception>
    public static NpmVerifier Start()
    {
        if (!Directory.Exists(Path.Combine(EmulatorsDirectory, "node_modules", "standardwebhooks")))
        {
            throw new InvalidOperationException(
                "tests/emulators/node_modules is missing: run scripts/test.sh, which installs it."
            );
        }

        var start = new ProcessStartInfo("node", ["verify.mjs"])
        {
            WorkingDirectory = EmulatorsDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new NpmVerifier(Process.Start(start)!);
    }

    /// <summary>Has one library verify a delivery.</summary>
    /// <param name="library">One of <see cref="Libraries"/>.</param>
    /// <param name="secret">The secret's text.</param>
    /// <param name="headers">The headers received; names in any case.</param>
    /// <param name="body">The bytes received.</param>
    /// <returns><see langword="null"/> if the library accepts it, else the library's error.</returns>
    public async Task<string?> VerifyAsync(
        string library,
        string secret,
        IEnumerable<KeyValuePair<string, string>> headers,
        ReadOnlyMemory<byte> body
    )
    {
        var request = JsonSerializer.Serialize(
            new
            {
                library,
                secret,
                headers = headers.ToDictionary(h => h.Key, h => h.Value),
                body_base64 = Convert.ToBase64String(body.Span),
            }
        );

        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(request);
            await _process.StandardInput.FlushAsync();
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(AnswerTimeout);
            return ReadAnswer(
                line ?? throw new InvalidOperationException("verify.mjs ended; see its stderr.")
            );
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(AnswerTimeout);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
        _turn.Dispose();
    }

    private static string? ReadAnswer(string line)
    {
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.GetProperty("ok").GetBoolean()
            ? null
            : answer.RootElement.GetProperty("error").GetString();
    }

    private static string FindEmulators()
    {
        for (
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            folder is not null;
            folder = folder.Parent
        )
        {
            if (File.Exists(Path.Combine(folder.FullName, "WebhookDelivery.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "emulators");
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
