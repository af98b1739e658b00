namespace WebhookDelivery.Core.Tests;

/// <summary>
/// The dispatcher as its documentation tells it, without queues of lanes: every question is answered
/// by looking at everything. Says what may go now, and what must.
/// </summary>
internal sealed class DispatcherModel(DeliveryOptions options, StubSender sender)
{
    /// <summary>The two sides compute a rate's times differently, so neither is exact to the tick.</summary>
    public static readonly TimeSpan Rounding = TimeSpan.FromMicroseconds(1);

    private readonly Dictionary<EndpointKey, Lane> _lanes = [];

    public int InFlight => _lanes.Values.Sum(lane => lane.UnderWay.Count);

    public int Ready => _lanes.Values.Sum(lane => lane.Ready.Count);

    public int Holds { get; set; }

    public IReadOnlyList<ClaimedDelivery> UnderWay =>
        [.. _lanes.Values.SelectMany(lane => lane.UnderWay)];

    /// <summary>Takes a claim in; false if its endpoint has as many waiting as there is room left.</summary>
    public bool Offer(ClaimedDelivery claim, EndpointLimits limits, DateTimeOffset now)
    {
        var key = claim.Due.Key.Endpoint;
        if (!_lanes.TryGetValue(key, out var lane))
        {
            _lanes.Add(key, lane = new Lane(key));
        }

        if (lane.Ready.Count + lane.UnderWay.Count == 0)
        {
            lane.ForgetIfRested(now);
        }

        lane.Limit(limits);
        var room = options.HeldMax - Ready - InFlight;
        if (!MayTake(lane.Ready.Count, room, options.HeldMax))
        {
            return false;
        }

        lane.Ready.Add(claim);
        return true;
    }

    /// <summary>Why this claim may not go now; null if it may.</summary>
    public string? FindFault(ClaimedDelivery claim, DateTimeOffset now)
    {
        var lane = _lanes[claim.Due.Key.Endpoint];
        return true switch
        {
            _ when Holds > 0 => "held",
            _ when lane.Ready.FirstOrDefault() != claim => "not the next of its endpoint",
            _ when AtACap(lane) => "above a cap",
            _ when !HasPlaces(lane) => "of one that has its share",
            _ when !IsWithinShare(lane) && FindFirstWithinShare(now) is { } other =>
                $"of one that has its share, before {other.Key}",
            _ when FreeAt(lane, now) > now + Rounding => $"to wait until {FreeAt(lane, now):O}",
            _ => null,
        };
    }

    public void Take(ClaimedDelivery claim, DateTimeOffset now)
    {
        var lane = _lanes[claim.Due.Key.Endpoint];
        lane.Ready.RemoveAt(0);
        lane.UnderWay.Add(claim);
        lane.Count(now);
    }

    public void Release(ClaimedDelivery claim, EndpointLimits? limits)
    {
        var lane = _lanes[claim.Due.Key.Endpoint];
        lane.UnderWay.Remove(claim);
        lane.Limit(limits ?? lane.Limits);
    }

    public void Return(ClaimedDelivery claim, DateTimeOffset until)
    {
        var lane = _lanes[claim.Due.Key.Endpoint];
        lane.UnderWay.Remove(claim);
        lane.Ready.Add(claim);
        lane.ReturnedUntil = until > lane.ReturnedUntil ? until : lane.ReturnedUntil;
    }

    /// <summary>Every rate keeps what is left of its times; what was returned is the sender's to know.</summary>
    public void SetBack(TimeSpan by)
    {
        foreach (var lane in _lanes.Values)
        {
            lane.SetBack(by);
        }
    }

    /// <summary>An endpoint with something that nothing forbids; null if there is none.</summary>
    public EndpointKey? FindRunnable(DateTimeOffset now) =>
        Holds > 0
            ? null
            : _lanes
                .Values.FirstOrDefault(lane => MayRun(lane) && FreeAt(lane, now) <= now - Rounding)
                ?.Key;

    /// <summary>An endpoint that waits though it has nothing under way and a place is free; null if there is none.</summary>
    public EndpointKey? FindNewcomer(DateTimeOffset now) =>
        Holds > 0 || InFlight >= options.MaxInFlight
            ? null
            : _lanes
                .Values.FirstOrDefault(lane =>
                    lane.Ready.Count > 0
                    && Places(lane.Key.TenantId) == 0
                    && FreeAt(lane, now) <= now - Rounding
                )
                ?.Key;

    /// <summary>The first time at which one that only time keeps back may go; null if there is none.</summary>
    public DateTimeOffset? FirstFreeAt(DateTimeOffset now) =>
        _lanes.Values.Where(MayRun).Select(lane => (DateTimeOffset?)FreeAt(lane, now)).Min();

    private bool MayRun(Lane lane) => lane.Ready.Count > 0 && !AtACap(lane) && HasPlaces(lane);

    private bool AtACap(Lane lane) =>
        InFlight >= options.MaxInFlight
        || lane.UnderWay.Count >= lane.Limits.MaxInFlight
        || Places(lane.Key.TenantId) >= options.MaxInFlightPerTenant;

    /// <summary>A sixteenth is kept for who has none; else, one more for who has fewer than are left.</summary>
    private static bool MayTake(int has, int left, int all) =>
        has == 0 ? left > 0 : has < left - (all / 16);

    private bool IsWithinShare(Lane lane)
    {
        var places = Places(lane.Key.TenantId);
        var free = options.MaxInFlight - InFlight;
        var bound = places == 0 ? free : free - (options.MaxInFlight / 16);
        return HasLeft(lane, bound);
    }

    /// <summary>A tenant that has the machine to itself may have more than its share.</summary>
    private bool HasPlaces(Lane lane) =>
        IsWithinShare(lane)
        || (Places(lane.Key.TenantId) == InFlight && HasLeft(lane, options.MaxInFlight));

    private bool HasLeft(Lane lane, int bound) =>
        MayTake(
            lane.UnderWay.Count,
            Math.Min(options.MaxInFlightPerTenant, bound) - Places(lane.Key.TenantId),
            Math.Min(options.MaxInFlightPerTenant, options.MaxInFlight)
        );

    private Lane? FindFirstWithinShare(DateTimeOffset now) =>
        _lanes.Values.FirstOrDefault(lane =>
            MayRun(lane) && IsWithinShare(lane) && FreeAt(lane, now) <= now - Rounding
        );

    private int Places(TenantId tenant) =>
        _lanes.Values.Where(lane => lane.Key.TenantId == tenant).Sum(lane => lane.UnderWay.Count);

    private DateTimeOffset FreeAt(Lane lane, DateTimeOffset now) =>
        new[]
        {
            lane.RateAllowsAt(),
            lane.ReturnedUntil,
            sender.PostponedUntil(lane.Key, now) ?? DateTimeOffset.MinValue,
        }.Max();

    private sealed class Lane(EndpointKey key)
    {
        // A token bucket: as many tokens as a burst, refilled steadily. It never forgets.
        private double _tokens = double.MaxValue;
        private DateTimeOffset _tokensAt;

        public EndpointKey Key { get; } = key;

        public EndpointLimits Limits { get; private set; }

        public List<ClaimedDelivery> Ready { get; } = [];

        public List<ClaimedDelivery> UnderWay { get; } = [];

        public DateTimeOffset ReturnedUntil { get; set; }

        private double Burst => Math.Max(1, Limits.RatePerSecond ?? 0);

        public void Limit(EndpointLimits limits)
        {
            var spent = Math.Max(0, Burst - _tokens);
            var keeps = Limits.RatePerSecond is not null && limits.RatePerSecond is not null;
            var changed = Limits.RatePerSecond != limits.RatePerSecond;
            Limits = limits;
            if (changed)
            {
                _tokens = keeps ? Burst - Math.Min(spent, Burst) : Burst;
            }
        }

        /// <summary>A lane that is idle and rested is as good as new, also for another rate.</summary>
        public void ForgetIfRested(DateTimeOffset now)
        {
            if (Refilled(now) >= Burst - 0.00001)
            {
                _tokens = double.MaxValue;
            }
        }

        public DateTimeOffset RateAllowsAt() =>
            Limits.RatePerSecond is { } rate && _tokens < 1
                ? _tokensAt + TimeSpan.FromSeconds((1 - _tokens) / rate)
                : DateTimeOffset.MinValue;

        public void Count(DateTimeOffset now)
        {
            if (Limits.RatePerSecond is not null)
            {
                _tokens = Math.Min(Burst, Refilled(now)) - 1;
                _tokensAt = now;
            }
        }

        public void SetBack(TimeSpan by)
        {
            ReturnedUntil = default;
            _tokensAt -= _tokensAt == default ? TimeSpan.Zero : by;
        }

        private double Refilled(DateTimeOffset now) =>
            _tokens + ((now - _tokensAt).TotalSeconds * (Limits.RatePerSecond ?? 0));
    }
}
