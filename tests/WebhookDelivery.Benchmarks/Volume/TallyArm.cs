using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The receivers of several endpoints in one process, each by a name. <c>POST /hook/NAME</c> is counted,
/// its arrival stamped, and answered 200 after the receiver's delay, or never;
/// <c>POST /pace/NAME?ms=</c> sets the delay; <c>POST /forget</c> begins anew; <c>GET /tally</c> answers
/// with the counts, <c>GET /receipts/NAME</c> with every arrival.
/// </summary>
internal static class TallyArm
{
    private static Receivers s_receivers = new();

    public static Task<int> RunAsync(Arguments arguments)
    {
        arguments.Allow();
        return KestrelArm.RunAsync(AnswerAsync);
    }

    private static Task AnswerAsync(HttpContext context)
    {
        var receivers = Volatile.Read(ref s_receivers);
        return context.Request.Path.Value?.Split('/') switch
        {
            ["", "hook", var name] => ReceiveAsync(context, receivers.Named(name)),
            ["", "pace", var name] => PaceAsync(context, receivers.Named(name)),
            ["", "forget"] => ForgetAsync(context, receivers),
            ["", "tally"] => WriteAsync(context, receivers.Report()),
            ["", "receipts", var name] => WriteAsync(context, receivers.Named(name).Receipts()),
            _ => RefuseAsync(context),
        };
    }

    private static async Task ReceiveAsync(HttpContext context, Receiver receiver)
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

        if (bytes != Payload.Bytes.Length)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await receiver.ReceiveAsync(
            context.Request.Headers["webhook-id"].ToString(),
            context.RequestAborted
        );
        context.Response.ContentLength = 0;
    }

    private static Task PaceAsync(HttpContext context, Receiver receiver)
    {
        receiver.DelayMilliseconds = int.Parse(
            context.Request.Query["ms"].ToString(),
            CultureInfo.InvariantCulture
        );
        return NothingAsync(context);
    }

    private static Task ForgetAsync(HttpContext context, Receivers receivers)
    {
        Volatile.Write(ref s_receivers, receivers.Anew());
        return NothingAsync(context);
    }

    private static Task WriteAsync<T>(HttpContext context, T answer)
    {
        context.Response.BodyWriter.Write(JsonSerializer.SerializeToUtf8Bytes(answer));
        return Task.CompletedTask;
    }

    private static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
