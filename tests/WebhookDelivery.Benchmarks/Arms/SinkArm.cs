using System.Buffers;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The receiver of both sides of a ratio. <c>POST /hook</c> is counted and answered 200;
/// <c>POST /expect</c> begins a new count; <c>GET /count</c> answers with it, once it is complete or
/// the time asked for is over; <c>GET /match</c> compares it with a file of ids.
/// </summary>
internal static class SinkArm
{
    private static SinkCount s_count = new(new SinkExpectation(0, 0, 0, 0));

    public static Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow();
        return KestrelArm.RunAsync(AnswerAsync);
    }

    private static Task AnswerAsync(HttpContext context) =>
        context.Request.Path.Value switch
        {
            "/hook" => ReceiveAsync(context),
            "/expect" => ExpectAsync(context),
            "/count" => CountAsync(context),
            "/match" => MatchAsync(context),
            _ => RefuseAsync(context),
        };

    private static async Task ReceiveAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        var bytes = 0L;
        while (true)
        {
            var read = await body.ReadAsync();
            bytes += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        if (bytes == Payload.Bytes.Length)
        {
            Volatile.Read(ref s_count).Add(context.Request.Headers["webhook-id"].ToString());
            context.Response.ContentLength = 0;
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    private static async Task ExpectAsync(HttpContext context)
    {
        var expectation = await JsonSerializer.DeserializeAsync<SinkExpectation>(
            context.Request.Body,
            JsonSerializerOptions.Web
        );
        Volatile.Write(ref s_count, new SinkCount(expectation!));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task CountAsync(HttpContext context)
    {
        var count = Volatile.Read(ref s_count);
        var patience = int.Parse(context.Request.Query["wait_ms"].ToString());
        await Task.WhenAny(count.Completed, Task.Delay(patience, context.RequestAborted));
        context.Response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(count.Report()));
    }

    private static async Task MatchAsync(HttpContext context)
    {
        var match = await Volatile
            .Read(ref s_count)
            .MatchAsync(context.Request.Query["ids"].ToString(), context.RequestAborted);
        context.Response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(match));
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
