using WebhookDelivery.Benchmarks;

namespace WebhookDelivery.EndToEnd.Tests;

public sealed class MeasurementTests
{
    private static readonly RatioTarget s_first = new("first", "a ÷ b", Must: 0.5);
    private static readonly RatioTarget s_second = new("second", "a ÷ b", Must: 0.5);

    [Fact]
    public async Task Add_PartThatDies_IsVoidAndTheNextIsMeasured()
    {
        using var text = new StringWriter();
        var measurement = new Measurement(text, CancellationToken.None);
        await measurement.AddAsync(
            "first",
            [s_first],
            () => throw new HttpRequestException("gone")
        );
        await measurement.AddAsync("second", [s_second], () => Counted(s_second));

        Assert.Equal(ExitCodes.Void, measurement.Close());
        Assert.Contains("VOID: first: HttpRequestException: gone", text.ToString());
        Assert.Matches("first .*VOID", text.ToString());
        Assert.Matches("second .*0.700", text.ToString());
    }

    [Fact]
    public async Task Add_Interrupted_IsVoidAndEndsTheRun()
    {
        using var text = new StringWriter();
        using var breaking = new CancellationTokenSource();
        var measurement = new Measurement(text, breaking.Token);
        await measurement.AddAsync("first", [s_first], () => Counted(s_first));
        await breaking.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            measurement.AddAsync("second", [s_second], () => Counted(s_second))
        );

        Assert.Equal(ExitCodes.Void, measurement.Close());
        Assert.Matches("first .*0.700", text.ToString());
    }

    private static Task<IReadOnlyList<RatioResult>> Counted(RatioTarget target) =>
        Task.FromResult<IReadOnlyList<RatioResult>>([RatioResult.Counted(target, 0.7)]);
}
