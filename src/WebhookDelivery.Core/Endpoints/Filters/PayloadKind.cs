namespace WebhookDelivery.Core;

/// <summary>What a field holds.</summary>
internal enum PayloadKind : byte
{
    /// <summary>Nothing: there is no such field.</summary>
    Missing,
    Null,
    True,
    False,
    Number,
    Text,
    Array,
    Object,
}
