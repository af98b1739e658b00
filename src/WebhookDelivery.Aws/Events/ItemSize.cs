using System.Globalization;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>
/// Sizes of items as DynamoDB counts them, in bytes: a write costs one unit for each KiB begun.
/// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html.
/// </summary>
internal static class ItemSize
{
    /// <summary>What a list or map takes beside its elements.</summary>
    private const int CollectionBytes = 3;

    /// <summary>What each element of a list or map takes beside its value.</summary>
    private const int ElementBytes = 1;

    /// <summary>The size of an item: names and values.</summary>
    public static int Of(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.Sum(attribute => Of(attribute.Key) + Of(attribute.Value));

    /// <summary>The units that writing an item of so many bytes costs.</summary>
    public static int WriteUnits(int bytes) => Math.Max(1, (bytes + 1023) / 1024);

    /// <summary>The size of a value.</summary>
    /// <exception cref="NotSupportedException">It is a set, of which the tables hold none.</exception>
    public static int Of(AttributeValue value) =>
        value switch
        {
            { S: { } text } => Of(text),
            { N: { } number } => OfNumber(number),
            { B: { } bytes } => (int)bytes.Length,
            { NULL: true } or { IsBOOLSet: true } => 1,
            { IsLSet: true } or { L.Count: > 0 } => CollectionBytes
                + value.L.Sum(element => ElementBytes + Of(element)),
            { IsMSet: true } or { M.Count: > 0 } => CollectionBytes
                + value.M.Sum(entry => ElementBytes + Of(entry.Key) + Of(entry.Value)),
            _ => throw new NotSupportedException("Sets are not counted."),
        };

    private static int Of(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>
    /// One byte, and one for each two digits, zeros at either end aside; one more below zero. Digits
    /// are paired from the decimal point.
    /// </summary>
    private static int OfNumber(string text)
    {
        var number = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        var plain = Math.Abs(number).ToString("0.############################");
        var parts = plain.Split('.');
        var whole = parts[0].TrimStart('0');
        var fraction = parts.ElementAtOrDefault(1) ?? "";
        var pairs = Pairs(whole, fromRight: true)
            .Concat(Pairs(fraction, fromRight: false))
            .ToList();
        var significant =
            pairs.FindLastIndex(pair => pair != "00") - pairs.FindIndex(pair => pair != "00") + 1;
        return 1
            + (pairs.TrueForAll(pair => pair == "00") ? 0 : significant)
            + (number < 0 ? 1 : 0);
    }

    private static IEnumerable<string> Pairs(string digits, bool fromRight)
    {
        var padded =
            digits.Length % 2 == 0 ? digits
            : fromRight ? "0" + digits
            : digits + "0";
        return padded.Chunk(2).Select(pair => new string(pair));
    }
}
