namespace WebhookDelivery.Core;

/// <summary>What a condition compares a field with: a text, a number, true, false or null.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Bytes">A text in UTF-8 without escapes, a number as JSON; else empty.</param>
/// <param name="Shown">It as JSON, for explanations; short already.</param>
internal sealed record FilterValue(PayloadKind Kind, byte[] Bytes, string Shown)
{
    /// <summary>How a field compares with it; null if they are not of one kind that has an order.</summary>
    /// <param name="value">The field's value.</param>
    /// <param name="text">That value, if it is a text, without escapes.</param>
    public int? Order(in PayloadValue value, ReadOnlySpan<byte> text) =>
        value.Kind != Kind ? null
        : Kind == PayloadKind.Text ? text.SequenceCompareTo(Bytes)
        : Kind == PayloadKind.Number ? JsonNumber.Compare(value.Raw, Bytes)
        : null;

    /// <summary>Whether a field is this value; parameters as <see cref="Order"/>.</summary>
    public bool Is(in PayloadValue value, ReadOnlySpan<byte> text) =>
        value.Kind == Kind
        && Kind switch
        {
            PayloadKind.Text => text.SequenceEqual(Bytes),
            PayloadKind.Number => JsonNumber.Compare(value.Raw, Bytes) == 0,
            _ => true,
        };
}
