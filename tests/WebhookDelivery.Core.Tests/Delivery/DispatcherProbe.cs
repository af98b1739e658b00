using System.Collections;
using System.Reflection;

namespace WebhookDelivery.Core.Tests;

/// <summary>Looks at what a dispatcher still holds, which nothing but a leak test may care about.</summary>
internal static class DispatcherProbe
{
    private static readonly string[] Collections =
    [
        "_lanes",
        "_tenants",
        "_round",
        "_heldBack",
        "_waiting",
    ];

    /// <summary>Entries in each of its collections, by name.</summary>
    public static string Held(Dispatcher dispatcher) =>
        string.Join(' ', Collections.Select(name => $"{name}={Count(dispatcher, name)}"));

    public static string Empty { get; } = string.Join(' ', Collections.Select(name => $"{name}=0"));

    private static int Count(Dispatcher dispatcher, string name)
    {
        var value = typeof(Dispatcher)
            .GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(dispatcher)!;
        return value is ICollection collection
            ? collection.Count
            : (int)value.GetType().GetProperty("Count")!.GetValue(value)!;
    }
}
