namespace WebhookDelivery.Core;

/// <summary>Something that may have to wait until more is free, in a <see cref="HeldBackOrder{T}"/>.</summary>
internal abstract class HeldBack
{
    /// <summary>What must be exceeded by what is free for it to go on; set when it is held back.</summary>
    public long Needs { get; set; }

    /// <summary>When it was held back, as a number that only rises.</summary>
    public long Since { get; set; }

    /// <summary>Where it stands in the order; negative if it does not.</summary>
    public int Position { get; set; } = -1;

    /// <summary>True while it is held back.</summary>
    public bool IsHeldBack => Position >= 0;
}
