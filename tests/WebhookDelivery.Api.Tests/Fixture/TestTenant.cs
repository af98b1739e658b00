using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api.Tests;

/// <summary>A tenant of one test.</summary>
public sealed record TestTenant(TestApi Api, TenantId Id, string Key, HttpClient Http)
{
    private int _urls;

    public async Task<JsonElement> NewEndpointAsync(object? members = null)
    {
        var url = $"https://receiver.test/{Id}/{Interlocked.Increment(ref _urls)}";
        using var answer = await Http.PostAsync("/v1/endpoints", Json.Body(members ?? new { url }));
        return await answer.ReadAsync(201);
    }

    public async Task<string> NewEventAsync(string payload = """{"type":"order.created"}""")
    {
        using var answer = await PostEventAsync(payload);
        return (await answer.ReadAsync(201)).Text("event_id");
    }

    public Task<HttpResponseMessage> PostEventAsync(
        string payload,
        params (string Name, string Value)[] headers
    ) => PostEventAsync(Encoding.UTF8.GetBytes(payload), headers);

    public async Task<HttpResponseMessage> PostEventAsync(
        byte[] payload,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
        request.Content = new ByteArrayContent(payload);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>Reads an answer as JSON and checks its status.</summary>
    public async Task<JsonElement> GetAsync(string path, int status = 200)
    {
        using var answer = await Http.GetAsync(path);
        return await answer.ReadAsync(status);
    }

    public async Task<JsonElement> SendAsync(
        HttpMethod method,
        string path,
        object? body,
        int status
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : Json.Body(body);
        using var answer = await Http.SendAsync(request);
        return await answer.ReadAsync(status);
    }

    /// <summary>Records a failed attempt that takes a delivery to a status.</summary>
    public async Task RecordAttemptAsync(
        string eventId,
        string endpointId,
        DeliveryStatus status,
        AttemptOutcome outcome,
        int generation = 1,
        int number = 1,
        DateTimeOffset? startedAt = null
    )
    {
        Assert.True(EventId.TryParse(eventId, out var id));
        Assert.True(EndpointId.TryParse(endpointId, out var endpoint));
        var now = DateTimeOffset.UtcNow;
        var moved = await Api.Events.RecordAttemptAsync(
            new Attempt
            {
                Key = new DeliveryKey(Id, id, endpoint),
                Generation = generation,
                Number = number,
                StartedAt = startedAt ?? now,
                EndpointVersion = 1,
                Outcome = outcome,
            },
            new DeliveryTransition(status, status.IsOpen() ? now.AddMinutes(1) : null),
            CancellationToken.None
        );
        Assert.True(moved);
    }

    /// <summary>Makes a dead letter of a new event at each endpoint.</summary>
    public async Task<string> NewDeadLetterAsync(params string[] endpointIds)
    {
        var eventId = await NewEventAsync();
        foreach (var endpointId in endpointIds)
        {
            await RecordAttemptAsync(
                eventId,
                endpointId,
                DeliveryStatus.DeadLetter,
                new AttemptOutcome { Reason = ReasonCode.HttpStatus, StatusCode = 500 }
            );
        }

        return eventId;
    }

    /// <summary>Checks that the tenant has no event at all.</summary>
    public async Task AssertNoEventsAsync() =>
        Assert.Empty((await GetAsync("/v1/events")).GetProperty("data").EnumerateArray());
}
