using System.Buffers;
using System.Text;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// What ingest is compared with: Kestrel without routing or middleware. It reads the body to its end
/// and answers a 201 with the headers and as many bytes as the platform's.
/// </summary>
internal static class BareArm
{
    private const string Id = "01k0000000000000000000000a";
    private const string Location = $"/v1/events/evt_{Id}";

    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes(
        $$"""{"event_id":"evt_{{Id}}","status":"PENDING","endpoint_ids":["ep_{{Id}}"]}"""
    );

    public static Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow();
        return KestrelArm.RunAsync(AnswerAsync);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = Location;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = s_answer.Length;
        response.BodyWriter.Write(s_answer);
    }
}
