using FsCheck;
using FsCheck.Fluent;

namespace WebhookDelivery.Core.Tests;

public sealed class EventStatusesTests
{
    [Fact]
    public void Derive_AnyDeliveries_IsTheFirstRuleThatApplies()
    {
        var statuses = Gen.Elements(Enum.GetValues<DeliveryStatus>()).ListOf().ToArbitrary();
        Prop.ForAll(statuses, each => Derive([.. each]) == Expected([.. each]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Derive_EverySetOfStatuses_IsTheFirstRuleThatApplies()
    {
        var all = Enum.GetValues<DeliveryStatus>();
        for (var set = 0; set < 1 << all.Length; set++)
        {
            var chosen = all.Where((_, i) => (set & (1 << i)) != 0).ToArray();
            Assert.Equal(Expected(chosen), Derive(chosen));
        }
    }

    [Fact]
    public void ToCode_EachStatus_IsItsName()
    {
        string[] expected =
        [
            "UNROUTED",
            "FAILED",
            "PENDING",
            "PARKED",
            "DEAD_LETTER",
            "CANCELLED",
            "DELIVERED",
        ];
        Assert.Equal(expected, Enum.GetValues<EventStatus>().Select(each => each.ToCode()));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((EventStatus)7).ToCode());
    }

    private static EventStatus Derive(DeliveryStatus[] statuses) =>
        EventStatuses.Derive([
            .. statuses.Select(
                (status, i) =>
                    new Delivery
                    {
                        Key = new DeliveryKey(
                            Sample.Tenant,
                            Sample.EventId(1),
                            Sample.EndpointId(i)
                        ),
                        Status = status,
                        Generation = 1,
                        GenerationAttempts = 0,
                        Attempts = 0,
                        UpdatedAt = Sample.Now,
                    }
            ),
        ]);

    private static EventStatus Expected(DeliveryStatus[] statuses)
    {
        if (statuses.Length == 0)
        {
            return EventStatus.Unrouted;
        }

        (DeliveryStatus Some, EventStatus Then)[] rules =
        [
            (DeliveryStatus.Failed, EventStatus.Failed),
            (DeliveryStatus.Pending, EventStatus.Pending),
            (DeliveryStatus.Parked, EventStatus.Parked),
            (DeliveryStatus.DeadLetter, EventStatus.DeadLetter),
        ];
        foreach (var (some, then) in rules)
        {
            if (statuses.Contains(some))
            {
                return then;
            }
        }

        return statuses.All(each => each == DeliveryStatus.Cancelled)
            ? EventStatus.Cancelled
            : EventStatus.Delivered;
    }
}
