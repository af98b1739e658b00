using System.Diagnostics;
using System.Text.RegularExpressions;

namespace WebhookDelivery.Benchmarks;

/// <summary>The platform's server as it is shipped: <c>serve --dev</c> on a data directory.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource<string> _operatorKey = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private ServerProcess(Process process, Uri url, StreamWriter log)
    {
        _process = process;
        Url = url;
        _log = log;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Url { get; }

    public int Pid => _process.Id;

    /// <summary>Starts it; it may not be ready yet.</summary>
    /// <param name="settings">Where the server is, and where its log goes.</param>
    /// <param name="data">The data directory.</param>
    /// <param name="environment">Settings and other variables on top of the common ones.</param>
    public static ServerProcess Start(
        RunSettings settings,
        string data,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var start = Children.Of(
            settings,
            settings.ServerAssembly,
            "serve",
            "--dev",
            "--urls",
            url.GetLeftPart(UriPartial.Authority),
            "--data",
            data
        );
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var log = new StreamWriter(settings.ServerLog, append: true) { AutoFlush = true };
        return new ServerProcess(Process.Start(start)!, url, log);
    }

    /// <summary>The operator key, which a server prints at its first start on a data directory.</summary>
    public Task<string> OperatorKeyAsync(CancellationToken cancellationToken) =>
        _operatorKey.Task.WaitAsync(StartMax, cancellationToken);

    /// <summary>Returns once it takes requests.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = Url };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < StartMax; )
        {
            if (_process.HasExited)
            {
                break;
            }

            try
            {
                using var response = await http.GetAsync("/health/ready", cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new BrokenRunException("The server did not become ready; its log says why.");
    }

    /// <summary>Asks it to stop, as an operator would, and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        Signals.Terminate(_process.Id);
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopMax);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            throw new BrokenRunException("The server did not stop when asked to.");
        }
        finally
        {
            _process.Dispose();
            await _log.DisposeAsync();
        }
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.WriteLine(line);
        }

        if (OperatorKey().Match(line) is { Success: true } match)
        {
            _operatorKey.TrySetResult(match.Value);
        }
    }

    [GeneratedRegex("wha_[0-9a-z]{16}_[0-9a-z]{58}", RegexOptions.NonBacktracking)]
    private static partial Regex OperatorKey();
}
