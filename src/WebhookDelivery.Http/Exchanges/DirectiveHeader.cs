using WebhookDelivery.Core;

namespace WebhookDelivery.Http;

/// <summary>Reads what a receiver asks for by the response header <c>webhook-delivery</c>. Pure.</summary>
internal static class DirectiveHeader
{
    private const string Name = "webhook-delivery";

    /// <summary>
    /// Every word that is known, of every header of that name; words stand between commas, in any case.
    /// Unknown words mean nothing, so that there can be more of them one day.
    /// </summary>
    public static ReceiverDirectives Read(HttpResponseMessage response)
    {
        var directives = ReceiverDirectives.None;
        if (response.Headers.NonValidated.TryGetValues(Name, out var values))
        {
            foreach (var value in values)
            {
                directives |= Parse(value);
            }
        }

        return directives;
    }

    /// <summary>Reads one header's value.</summary>
    public static ReceiverDirectives Parse(ReadOnlySpan<char> value)
    {
        var directives = ReceiverDirectives.None;
        foreach (var range in value.Split(','))
        {
            var word = value[range].Trim();
            directives |=
                word.Equals("disable", StringComparison.OrdinalIgnoreCase)
                    ? ReceiverDirectives.Disable
                : word.Equals("abort-message", StringComparison.OrdinalIgnoreCase)
                    ? ReceiverDirectives.AbortMessage
                : ReceiverDirectives.None;
        }

        return directives;
    }
}
