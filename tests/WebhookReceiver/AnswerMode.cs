namespace WebhookReceiver;

/// <summary>How the next deliveries are answered; normally with success.</summary>
internal sealed class AnswerMode
{
    private readonly Lock _lock = new();
    private ModeSettings _settings = ModeSettings.Normal;

    public ModeSettings Current
    {
        get
        {
            lock (_lock)
            {
                return _settings;
            }
        }
        set
        {
            lock (_lock)
            {
                _settings = value;
            }
        }
    }

    /// <summary>The settings for one delivery; back to normal once <c>times</c> is used up.</summary>
    public ModeSettings Take()
    {
        lock (_lock)
        {
            var taken = _settings;
            if (taken.Times is { } times)
            {
                _settings = times > 1 ? taken with { Times = times - 1 } : ModeSettings.Normal;
            }

            return taken;
        }
    }
}
