using System.Diagnostics.CodeAnalysis;

namespace WebhookDelivery.Core;

/// <summary>A member of a patch: absent (leave as it is) or given, be it null (clear it).</summary>
/// <typeparam name="T">What is given.</typeparam>
public readonly record struct Optional<T>
{
    /// <summary>Gives a value.</summary>
    public Optional(T value)
    {
        Value = value;
        IsGiven = true;
    }

    /// <summary>Whether the patch has this member.</summary>
    public bool IsGiven { get; }

    /// <summary>What it gives; the default of the type if absent.</summary>
    [MaybeNull]
    public T Value { get; }

    /// <summary>What was given, or else what there is already.</summary>
    public T Or(T existing) => IsGiven ? Value! : existing;

    /// <summary>A value given.</summary>
    [SuppressMessage(
        "Usage",
        "CA2225:Operator overloads have named alternates",
        Justification = "The constructor is the named form."
    )]
    public static implicit operator Optional<T>(T value) => new(value);
}
