namespace WebhookDelivery.Api;

/// <summary>What names and descriptions of tenants and keys may be.</summary>
internal static class NameRules
{
    /// <summary>Most characters, inclusive.</summary>
    public const int LengthMax = 200;

    public static readonly string Fault = $"May have at most {LengthMax} characters.";

    /// <summary>Adds the fault to <paramref name="fields"/> if the text is too long.</summary>
    public static void Check(Fields fields, string member, string? text)
    {
        if (text?.Length > LengthMax)
        {
            fields.Faults.Add(member, Fault);
        }
    }
}
