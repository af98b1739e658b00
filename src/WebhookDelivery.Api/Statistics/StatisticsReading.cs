using Microsoft.AspNetCore.Http;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>The routes that read a tenant's statistics.</summary>
internal sealed class StatisticsReading(
    StatisticsReader statistics,
    ITenantStore store,
    TimeProvider time
)
{
    /// <summary>Most hours of one answer: 31 days.</summary>
    public const int HoursMax = 31 * 24;

    /// <summary>Hours of an answer that nothing is said about.</summary>
    public const int HoursDefault = 24;

    public ValueTask<IResult> OfTenantAsync(HttpContext context, TenantId tenant) =>
        ReadAsync(context, tenant, endpoint: null);

    public async ValueTask<IResult> OfEndpointAsync(HttpContext context, TenantId tenant)
    {
        if (!EndpointId.TryParse(RouteIds.Text(context, RouteIds.Endpoint), out var id))
        {
            return Problems.NoEndpoint;
        }

        var snapshot = await store.LoadAsync(tenant, context.RequestAborted);
        return snapshot?.Endpoints.Any(each => each.Key.EndpointId == id) == true
            ? await ReadAsync(context, tenant, id)
            : Problems.NoEndpoint;
    }

    private async ValueTask<IResult> ReadAsync(
        HttpContext context,
        TenantId tenant,
        EndpointId? endpoint
    )
    {
        var reader = new QueryReader(context.Request.Query);
        var (since, until) = Range(reader);
        if (reader.Faults.Any)
        {
            return reader.Faults.ToProblem();
        }

        var query = new StatisticsQuery
        {
            TenantId = tenant,
            EndpointId = endpoint,
            Since = since,
            Until = until,
        };
        var hours = await statistics.ReadAsync(query, context.RequestAborted);
        return new JsonAnswer<StatisticsBody>(
            StatusCodes.Status200OK,
            StatisticsBody.Of(query, hours),
            ApiJson.Instance.StatisticsBody
        );
    }

    /// <summary>The whole hours that the range asked for touches.</summary>
    private (DateTimeOffset Since, DateTimeOffset Until) Range(QueryReader reader)
    {
        var (askedSince, askedUntil) = (reader.Time("since"), reader.Time("until"));
        if (reader.Faults.Any)
        {
            return default;
        }

        var until = askedUntil ?? time.GetUtcNow();
        reader.RefuseEmptySpan(askedSince, until);
        var end = HourAfter(until);
        var begin = askedSince is { } since ? HourKey.HourOf(since) : HoursBefore(end);
        if ((end - begin).TotalHours > HoursMax)
        {
            reader.Faults.Add(
                "since",
                $"Must be no more than {HoursMax} hours before until, in whole hours: read longer ranges in parts."
            );
        }

        return (begin, end);
    }

    /// <summary>The first whole hour that is not before the time; the last there is, where none is.</summary>
    private static DateTimeOffset HourAfter(DateTimeOffset time)
    {
        var hour = HourKey.HourOf(time);
        return hour == time || hour.UtcDateTime > DateTime.MaxValue.AddHours(-1)
            ? hour
            : hour.AddHours(1);
    }

    private static DateTimeOffset HoursBefore(DateTimeOffset time) =>
        time.UtcTicks < HoursDefault * TimeSpan.TicksPerHour
            ? DateTimeOffset.MinValue
            : time.AddHours(-HoursDefault);
}
