namespace WebhookDelivery.Core.Tests;

public sealed class CodeTests
{
    // Stored by number and shown by name: a row that changes here breaks stored data or clients.
    [Fact]
    public void DeliveryStatus_NumbersAndNames_AreStable()
    {
        (int, string)[] expected =
        [
            (0, "PENDING"),
            (1, "FAILED"),
            (2, "PARKED"),
            (3, "DEAD_LETTER"),
            (4, "CANCELLED"),
            (5, "DELIVERED"),
        ];
        Assert.Equal(
            expected,
            Enum.GetValues<DeliveryStatus>().Select(each => ((int)each, each.ToCode()))
        );
    }

    [Fact]
    public void ReasonCode_NumbersAndNames_AreStable()
    {
        (int, string)[] expected =
        [
            (0, "delivered"),
            (1, "http_status"),
            (2, "throttled"),
            (3, "endpoint_gone"),
            (4, "timeout"),
            (5, "connect_failed"),
            (6, "dns_failed"),
            (7, "tls_failed"),
            (8, "bad_response"),
            (9, "blocked_address"),
            (10, "endpoint_disabled"),
            (11, "endpoint_deleted"),
            (12, "cancelled"),
            (13, "poison"),
            (14, "aborted"),
            (15, "disabled_by_receiver"),
            (16, "failing"),
        ];
        Assert.Equal(
            expected,
            Enum.GetValues<ReasonCode>().Select(each => ((int)each, each.ToCode()))
        );
    }

    [Fact]
    public void EndpointVerdict_Names_AreStable() =>
        Assert.Equal(
            "sent waiting retrying limited blocked parked dead_lettered cancelled filtered_by_type filtered_by_payload not_targeted created_later deleted_before unknown",
            string.Join(' ', Enum.GetValues<EndpointVerdict>().Select(each => each.ToCode()))
        );

    [Fact]
    public void EventSource_Names_AreStable() =>
        Assert.Equal(
            "live test redeliver recover replay operational",
            string.Join(' ', Enum.GetValues<EventSource>().Select(each => each.ToCode()))
        );

    [Fact]
    public void StoredEnums_Numbers_AreStable()
    {
        Assert.Equal([0, 1], Enum.GetValues<ApiKeyRole>().Select(each => (int)each));
        Assert.Equal(
            [(0, "None"), (1, "Resume"), (2, "Cancel"), (4, "Announce")],
            Enum.GetValues<BacklogAction>().Select(each => ((int)each, each.ToString()))
        );
        Assert.Equal(
            [
                (0, "Live"),
                (1, "Test"),
                (2, "Redeliver"),
                (3, "Recover"),
                (4, "Replay"),
                (5, "Operational"),
            ],
            Enum.GetValues<EventSource>().Select(each => ((int)each, each.ToString()))
        );
    }

    [Fact]
    public void TryParse_EachStatusCode_RoundTrips()
    {
        foreach (var status in Enum.GetValues<DeliveryStatus>())
        {
            Assert.True(DeliveryStatusCodes.TryParse(status.ToCode(), out var parsed));
            Assert.Equal(status, parsed);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pending")]
    [InlineData("Pending")]
    [InlineData(" PENDING")]
    [InlineData("0")]
    [InlineData("PENDING,FAILED")]
    public void TryParse_AnythingElse_IsRefused(string? code) =>
        Assert.False(DeliveryStatusCodes.TryParse(code, out _));

    [Fact]
    public void ToCode_UnknownNumber_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DeliveryStatus)6).ToCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DeliveryStatus)(-1)).ToCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((ReasonCode)99).ToCode());
    }

    [Fact]
    public void IsOpen_EachStatus_IsPendingAndFailedAlone() =>
        Assert.Equal(
            [DeliveryStatus.Pending, DeliveryStatus.Failed],
            Enum.GetValues<DeliveryStatus>().Where(each => each.IsOpen())
        );
}
