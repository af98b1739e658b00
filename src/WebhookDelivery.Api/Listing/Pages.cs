using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>Makes pages, also of lists that are short enough to be read whole.</summary>
internal static class Pages
{
    public static JsonAnswer<PageBody<T>> Answer<T>(
        IReadOnlyList<T> data,
        string? next,
        JsonTypeInfo<PageBody<T>> type
    ) => new(StatusCodes.Status200OK, new PageBody<T>(data, next), type);

    /// <summary>Takes a page out of what follows the last one, and says whether more is left.</summary>
    public static (IReadOnlyList<T> Page, bool More) Take<T>(IEnumerable<T> rest, int limit)
    {
        var taken = rest.Take(limit + 1).ToList();
        return taken.Count > limit ? (taken.GetRange(0, limit), true) : (taken, false);
    }
}
