using WebhookDelivery.Signatures;

namespace WebhookDelivery.Receiver;

/// <summary>The settings of a webhook receiver, checked when the application starts.</summary>
public sealed class WebhookReceiverOptions
{
    /// <summary>
    /// The endpoint's secrets, as the platform showed them. At least one, unless an
    /// <see cref="IWebhookSecretSource"/> is registered; during a rotation the old and the new.
    /// Default: none.
    /// </summary>
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// How far a signed timestamp may be from now, past or future, inclusive. Default: 5 minutes.
    /// </summary>
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Which signatures are asked for. Default: <see cref="SchemePolicy.Automatic"/>.</summary>
    public SchemePolicy Policy { get; set; }

    /// <summary>
    /// The largest payload accepted, in bytes, inclusive; above it the answer is 413. Default:
    /// 4 MiB, the most the platform sends, and 64 KiB of headroom. At least 1.
    /// </summary>
    public int PayloadBytesMax { get; set; } = (4 * 1024 * 1024) + (64 * 1024);

    /// <summary>
    /// How many processed ids the in-memory log remembers, the oldest being forgotten first.
    /// Default: 100,000. At least 1.
    /// </summary>
    public int RememberedIdsMax { get; set; } = 100_000;

    /// <summary>
    /// Whether the handler also runs for duplicates, with <see cref="ReceivedWebhook.IsDuplicate"/>
    /// set. Default: <see langword="false"/>; duplicates are acknowledged without it.
    /// </summary>
    public bool RunHandlerForDuplicates { get; set; }
}
