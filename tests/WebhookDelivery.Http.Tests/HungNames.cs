using System.Collections.Concurrent;
using System.Net;

namespace WebhookDelivery.Http.Tests;

/// <summary>A system resolver that blocks its thread for names of hung zones until it is released.</summary>
internal sealed class HungNames : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly IPAddress[] Found = [IPAddress.Parse("93.184.215.14")];

    private readonly ManualResetEventSlim _released = new();

    /// <summary>Whether the name hangs. Default: names that contain "hung".</summary>
    public Predicate<string> Hangs { get; set; } =
        name => name.Contains("hung", StringComparison.Ordinal);

    /// <summary>The addresses of names, hung ones once they are released.</summary>
    public Func<string, IPAddress[]> Answer { get; set; } = _ => Found;

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentDictionary<Thread, bool> Threads { get; } = new();

    public IReadOnlyList<IPAddress> Ask(string name)
    {
        // A thread of the pool is known by its flag while it runs this.
        Threads.TryAdd(Thread.CurrentThread, Thread.CurrentThread.IsThreadPoolThread);
        Asked.Enqueue(name);
        if (Hangs(name))
        {
            _released.Wait();
        }

        return Answer(name);
    }

    /// <summary>Waits until so many questions have reached the system.</summary>
    public async Task WaitForAsync(int count)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (Asked.Count < count)
        {
            Assert.True(waited.Elapsed < Patience, $"Only {Asked.Count} of {count} were asked.");
            await Task.Delay(5);
        }
    }

    public void Release() => _released.Set();

    public void Dispose() => Release();
}
