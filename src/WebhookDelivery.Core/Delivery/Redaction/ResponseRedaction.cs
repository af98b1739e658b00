using System.Buffers;

namespace WebhookDelivery.Core;

/// <summary>
/// Takes out of a recorded response what the receiver had from us: secrets of its endpoint, and what
/// it shares with the payload. Pure; nothing is done where nothing came.
/// </summary>
internal static class ResponseRedaction
{
    /// <summary>The outcome as it may be recorded; the same one if there is nothing to take out.</summary>
    /// <param name="outcome">As the sender gave it.</param>
    /// <param name="endpoint">Whose receiver answered.</param>
    /// <param name="payload">What was sent.</param>
    public static AttemptOutcome Apply(
        AttemptOutcome outcome,
        OpenedEndpoint endpoint,
        ReadOnlySpan<byte> payload
    )
    {
        if (outcome.ResponseExcerpt.IsEmpty && outcome.ResponseHeaders.IsEmpty)
        {
            return outcome;
        }

        var text = RecordedText.Of(outcome);
        var marks = new bool[text.Length];
        var secrets = endpoint.SecretTexts;
        var any = MarkPlain(text, secrets.Plain, payload, marks);
        any |= MarkFolded(text, secrets.Folded, payload, marks);
        return any ? RecordedText.Rewrite(outcome, marks) : outcome;
    }

    private static bool MarkPlain(
        byte[] text,
        (byte[][] Short, byte[][] Long) secrets,
        ReadOnlySpan<byte> payload,
        Span<bool> marks
    )
    {
        var runs = new SharedRuns(text);
        var any = runs.Mark(payload, marks);
        any |= ShortSecrets.Mark(text, secrets.Short, marks);
        foreach (var secret in secrets.Short)
        {
            any |= ShortSecrets.MarkCutOff(text, secret, marks);
        }

        foreach (var secret in secrets.Long)
        {
            any |= runs.Mark(secret, marks);
            any |= ShortSecrets.MarkCutOff(text, secret, marks);
        }

        return any;
    }

    /// <summary>The same in folded text, from which the marks find their way back.</summary>
    private static bool MarkFolded(
        ReadOnlySpan<byte> text,
        (byte[][] Short, byte[][] Long) secrets,
        ReadOnlySpan<byte> payload,
        Span<bool> marks
    )
    {
        var bytes = new byte[text.Length];
        var origins = new Range[text.Length];
        var folded = bytes[..FoldedText.Fold(text, bytes, origins)];
        var foldedMarks = new bool[folded.Length];
        if (!MarkAgainstFolded(folded, secrets, payload, foldedMarks))
        {
            return false;
        }

        for (var i = 0; i < foldedMarks.Length; i++)
        {
            if (foldedMarks[i])
            {
                // What was dropped in between belongs to it.
                var joins = i > 0 && foldedMarks[i - 1];
                var from = (joins ? origins[i - 1].End : origins[i].Start).Value;
                marks[from..origins[i].End.Value].Fill(true);
            }
        }

        return true;
    }

    private static bool MarkAgainstFolded(
        byte[] folded,
        (byte[][] Short, byte[][] Long) secrets,
        ReadOnlySpan<byte> payload,
        Span<bool> marks
    )
    {
        if (folded.Length < SharedRuns.Length || payload.Length < SharedRuns.Length)
        {
            return MarkPlain(folded, secrets, [], marks);
        }

        var room = ArrayPool<byte>.Shared.Rent(payload.Length);
        var length = FoldedText.Fold(payload, room, []);
        var any = MarkPlain(folded, secrets, room.AsSpan(0, length), marks);
        ArrayPool<byte>.Shared.Return(room);
        return any;
    }
}
