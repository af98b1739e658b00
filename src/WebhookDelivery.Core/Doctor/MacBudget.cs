namespace WebhookDelivery.Core;

/// <summary>How much one diagnosis may compute: what is tried under many secrets must end.</summary>
internal sealed class MacBudget
{
    /// <summary>
    /// Most MACs of one diagnosis: 600. Room for the 8 secrets of an endpoint over both bodies and both schemes,
    /// for every mistake known under two secrets, and for 49 other endpoints with a few secrets each.
    /// </summary>
    public const int MacsMax = 600;

    /// <summary>Most bytes that are hashed for one diagnosis: 256 MiB, some 0.2 s of one core.</summary>
    public const long BytesMax = 256L * 1024 * 1024;

    private int _macs;
    private long _bytes;

    /// <summary>Whether something was not tried as the budget was spent.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Takes room for one MAC over so many bytes; false if there is none.</summary>
    public bool TryTake(int bytes)
    {
        if (_macs >= MacsMax || _bytes + bytes > BytesMax)
        {
            IsSpent = true;
            return false;
        }

        _macs++;
        _bytes += bytes;
        return true;
    }
}
