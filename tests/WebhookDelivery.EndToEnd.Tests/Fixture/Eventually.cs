namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Waits for what the server does on its own threads, by looking again and again.</summary>
public static class Eventually
{
    /// <summary>How long something may take that needs no waiting: much, for busy machines.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the value is as expected.</summary>
    public static async Task IsAsync<T>(T expected, Func<Task<T>> read)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (EqualityComparer<T>.Default.Equals(value, expected))
            {
                return;
            }

            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                Assert.Equal(expected, value);
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until the value is as expected.</summary>
    public static Task IsAsync<T>(T expected, Func<T> read) =>
        IsAsync(expected, () => Task.FromResult(read()));
}
