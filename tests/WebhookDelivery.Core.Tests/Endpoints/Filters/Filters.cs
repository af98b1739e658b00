using System.Text;
using System.Text.Json;

namespace WebhookDelivery.Core.Tests;

/// <summary>Filters as tests write them.</summary>
internal static class Filters
{
    public static PayloadFilter Of(string json) =>
        PayloadFilter.Parse(JsonElement.Parse(json), out var faults)
        ?? throw new ArgumentException(string.Join("; ", faults), nameof(json));

    public static string[] FaultsOf(string json)
    {
        var filter = PayloadFilter.Parse(JsonElement.Parse(json), out var faults);
        Assert.Equal(faults.Count == 0, filter is not null);
        return [.. faults.Select(fault => fault.Path)];
    }

    public static bool Matches(this PayloadFilter filter, string payload) =>
        filter.Matches(Encoding.UTF8.GetBytes(payload));

    public static string? Explain(this PayloadFilter filter, string payload) =>
        filter.Explain(Encoding.UTF8.GetBytes(payload));
}
