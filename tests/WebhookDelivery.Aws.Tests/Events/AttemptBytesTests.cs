using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

public sealed class AttemptBytesTests
{
    private static readonly DeliveryKey s_key = new(
        TenantId.Parse("acme"),
        new EventId(Guid.CreateVersion7()),
        new EndpointId(Guid.CreateVersion7())
    );

    [Fact]
    public void Read_OfWhatWasWritten_IsTheAttemptInMillisecondsAndMicroseconds()
    {
        var attempt = Sample(
            new AttemptOutcome
            {
                Reason = ReasonCode.Throttled,
                StatusCode = 429,
                RetryAfter = TimeSpan.Zero,
                Duration = TimeSpan.FromMicroseconds(1_234_567),
            }
        );
        Assert.Equal(attempt, AttemptBytes.Read(s_key, AttemptBytes.Write(attempt)));
    }

    [Fact]
    public void Read_OfAnAttemptWithoutAnAnswer_HasNoStatus()
    {
        var attempt = Sample(new AttemptOutcome { Reason = ReasonCode.Timeout });
        Assert.Equal(attempt, AttemptBytes.Read(s_key, AttemptBytes.Write(attempt)));
    }

    [Fact]
    public void Write_Twice_TellsTheWritesApart()
    {
        var attempt = Sample(new AttemptOutcome { Reason = ReasonCode.Delivered });
        Assert.NotEqual(AttemptBytes.Write(attempt), AttemptBytes.Write(attempt));
    }

    [Fact]
    public void Write_AnUsualAttempt_TakesNoMoreThanTwentyFourBytes() =>
        Assert.InRange(
            AttemptBytes
                .Write(
                    Sample(
                        new AttemptOutcome
                        {
                            Reason = ReasonCode.HttpStatus,
                            StatusCode = 500,
                            Duration = TimeSpan.FromSeconds(30),
                        }
                    )
                )
                .Length,
            15,
            24
        );

    [Fact]
    public void Read_OfAnotherFormat_Throws()
    {
        var bytes = AttemptBytes.Write(Sample(new AttemptOutcome { Reason = ReasonCode.Timeout }));
        bytes[0] = 2;
        Assert.Throws<FormatException>(() => AttemptBytes.Read(s_key, bytes));
    }

    private static Attempt Sample(AttemptOutcome outcome) =>
        new()
        {
            Key = s_key,
            Generation = 3,
            Number = 17,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_123),
            EndpointVersion = 300,
            Outcome = outcome,
        };
}
