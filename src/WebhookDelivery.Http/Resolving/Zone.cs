namespace WebhookDelivery.Http;

/// <summary>
/// The part of a name that whoever registered it controls, about: its last two labels, or three
/// under such suffixes as <c>co.uk</c>. Pure.
/// </summary>
/// <remarks>
/// Not the public suffix list, which would have to be shipped and renewed. Where it is wrong, names of
/// different owners (say under <c>github.io</c>) share a zone's share of threads.
/// </remarks>
internal static class Zone
{
    private static readonly string[] RegistryLabels =
    [
        "ac",
        "co",
        "com",
        "edu",
        "gov",
        "ne",
        "net",
        "or",
        "org",
    ];

    public static string Of(string host)
    {
        var name = host.TrimEnd('.');
        var labels = name.Split('.');
        if (labels.Length <= 2)
        {
            return name;
        }

        var threeDeep = labels[^1].Length == 2 && RegistryLabels.Contains(labels[^2]);
        return string.Join('.', labels[(threeDeep ? ^3 : ^2)..]);
    }
}
