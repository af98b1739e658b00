using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace WebhookDelivery.Api;

/// <summary>Puts a route's description where the document's generator finds it.</summary>
internal static class RouteDescribing
{
    /// <summary>
    /// The generator lists only routes that have a method to look at. The handlers are closures
    /// without parameters of interest; this stands for them all.
    /// </summary>
    private static readonly MethodInfo Placeholder = ((Action<HttpContext>)Handle).Method;

    public static void Describe(this IEndpointConventionBuilder route, RouteDoc doc)
    {
        route.WithMetadata(
            doc,
            Placeholder,
            new EndpointNameMetadata(doc.Id),
            new TagsAttribute(doc.Tag),
            new EndpointSummaryAttribute(doc.Summary),
            doc.Answer is null
                ? new ProducesResponseTypeMetadata(doc.Status, typeof(void))
                : new ProducesResponseTypeMetadata(doc.Status, doc.Answer, ["application/json"])
        );
        if (doc.DryRunAnswer is { } counted)
        {
            route.WithMetadata(
                new ProducesResponseTypeMetadata(
                    StatusCodes.Status200OK,
                    counted,
                    ["application/json"]
                )
            );
        }

        if (doc.OtherStatus is { } other)
        {
            route.WithMetadata(
                new ProducesResponseTypeMetadata(other, doc.Answer, ["application/json"])
            );
        }

        foreach (var errors in doc.AllErrors())
        {
            route.WithMetadata(
                new ProducesResponseTypeMetadata(
                    errors.Key,
                    typeof(ProblemBody),
                    [Problem.ContentType]
                )
            );
        }
    }

    private static void Handle(HttpContext context) { }
}
