using System.Security.Cryptography;

namespace WebhookDelivery.Core;

/// <summary>Jitter from the operating system's random source. Thread-safe; used once per failure.</summary>
public sealed class RandomJitterSource : IJitterSource
{
    private const int Steps = 1 << 20;

    /// <inheritdoc/>
    public double Next() => (RandomNumberGenerator.GetInt32(Steps + 1) * 2.0 / Steps) - 1;
}
