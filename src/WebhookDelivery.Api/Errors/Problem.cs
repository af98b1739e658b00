using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Api;

/// <summary>An error answer. Its detail must hold nothing that the caller may not know.</summary>
/// <param name="Error">The kind.</param>
/// <param name="Detail">What is wrong this time.</param>
internal sealed record Problem(ErrorCode Error, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>The faults by member; null where the detail says it all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>What keeps the service from being ready; null elsewhere.</summary>
    public IReadOnlyList<string>? Faults { get; init; }

    /// <summary>When trying again makes sense; null to say nothing of it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        if (Error.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        if (RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        var body = new ProblemBody
        {
            Type = Error.Type,
            Title = Error.Title,
            Status = Error.Status,
            Detail = Detail,
            Code = Error.Code,
            Errors = Errors,
            Faults = Faults,
        };
        return JsonWriting.WriteAsync(
            httpContext.Response,
            Error.Status,
            ContentType,
            body,
            ApiJson.Instance.ProblemBody
        );
    }
}
