using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>A successful answer with a JSON body.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Value">The body.</param>
/// <param name="Type">How to write it.</param>
internal sealed record JsonAnswer<T>(int Status, T Value, JsonTypeInfo<T> Type) : IResult
{
    /// <summary>Where the thing just made is found; null for none.</summary>
    public string? Location { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Location is not null)
        {
            httpContext.Response.Headers.Location = Location;
        }

        return JsonWriting.WriteAsync(
            httpContext.Response,
            Status,
            "application/json",
            Value,
            Type
        );
    }
}
