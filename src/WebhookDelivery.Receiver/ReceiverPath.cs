using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace WebhookDelivery.Receiver;

/// <summary>Gives the path that tells the receivers of one application apart.</summary>
/// <remarks>
/// Not the path as sent: routing takes <c>/Hooks/</c> for <c>/hooks</c>, so whoever captured a
/// delivery could have it processed again under another spelling. Not the pattern either: the
/// holder of one customer's secret could claim ids that another customer is about to get.
/// </remarks>
internal static class ReceiverPath
{
    /// <summary>The path base and the route's pattern, its parameters filled in.</summary>
    public static string Of(HttpContext context)
    {
        var request = context.Request;
        var path = new StringBuilder(request.PathBase.Value?.ToLowerInvariant());
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern: var pattern })
        {
            return path.Append(request.Path).ToString();
        }

        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                path.Append(Fill(part, request.RouteValues));
            }
        }

        return path.ToString();
    }

    private static string? Fill(RoutePatternPart part, RouteValueDictionary values) =>
        part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => Convert.ToString(
                values[parameter.Name],
                CultureInfo.InvariantCulture
            ),
            _ => null,
        };
}
