namespace WebhookDelivery.Core.Tests;

/// <summary>Random walks through the dispatcher beside its model, compared after every step.</summary>
public sealed class DispatcherModelTests
{
    private const int Steps = 1500;

    // One that is reproduced goes here, to stay.
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24), 636251475];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dispatcher_RandomSteps_AgreesWithTheModel(int seed) => new Walk(seed).Run();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dispatcher_ClockSetBackAtRandom_AgreesWithTheModel(int seed) =>
        new Walk(seed, setsClock: true).Run();

    [Fact]
    public void Dispatcher_StepsNeverSeenBefore_AgreesWithTheModel()
    {
        for (var i = 0; i < 8; i++)
        {
            new Walk(Random.Shared.Next(1000, int.MaxValue), setsClock: i % 2 == 0).Run();
        }
    }

    private sealed class Walk
    {
        private static readonly double?[] Rates = [null, null, 0.5, 1, 4, 10];

        private readonly int _seed;
        private readonly bool _setsClock;
        private readonly Random _random;
        private readonly StubSender _sender = new();
        private readonly DispatcherModel _model;
        private readonly Dispatcher _dispatcher;
        private readonly DeliveryOptions _options;
        private readonly EndpointKey[] _endpoints;
        private readonly EndpointLimits[] _limits;
        private readonly Queue<string> _trace = new();
        private readonly HashSet<ClaimedDelivery> _outside = [];
        private DateTimeOffset _now = Sample.Now;
        private int _claims;
        private int _offered;
        private int _done;

        public Walk(int seed, bool setsClock = false)
        {
            _seed = seed;
            _setsClock = setsClock;
            _random = new Random(seed);
            _options = new DeliveryOptions
            {
                MaxInFlight = _random.Next(4) == 0 ? _random.Next(16, 40) : _random.Next(1, 16),
                MaxInFlightPerTenant = _random.Next(4) == 0 ? 33 : _random.Next(1, 10),
                HeldMax = _random.Next(8, 60),
            };
            _model = new DispatcherModel(_options, _sender);
            _dispatcher = new Dispatcher(_options, _sender);
            _endpoints =
            [
                .. Enumerable
                    .Range(0, _random.Next(1, 10))
                    .Select(i => new EndpointKey(
                        TenantId.Parse($"tenant-{_random.Next(4)}"),
                        Sample.EndpointId(i)
                    )),
            ];
            _limits = [.. _endpoints.Select(_ => RandomLimits())];
        }

        public void Run()
        {
            for (var step = 0; step < Steps; step++)
            {
                if (_setsClock && _random.Next(50) == 0)
                {
                    SetBack();
                }

                Step();
                Check();
            }

            Drain();
        }

        private void Step()
        {
            var endpoint = _random.Next(_endpoints.Length);
            switch (_random.Next(20))
            {
                case < 6 when _dispatcher.Room > 0:
                    Offer(endpoint);
                    break;
                case < 12:
                    Take();
                    break;
                case < 15:
                    Release();
                    break;
                case 15:
                    Return();
                    break;
                case 16:
                    Break(endpoint);
                    break;
                case 17 when _random.Next(3) == 0:
                    _limits[endpoint] = RandomLimits();
                    break;
                case 18 when _random.Next(4) == 0:
                    HoldOrResume();
                    break;
                case 19 when _random.Next(2) == 0:
                    EndOne();
                    break;
                default:
                    Advance();
                    break;
            }
        }

        private void Offer(int endpoint)
        {
            var claim = Sample.Claim(_endpoints[endpoint], ++_claims);
            Note($"offer {_claims} to {endpoint} {_limits[endpoint]}");

            // Lanes are forgotten when the dispatcher is told the time, so it is told now.
            TellTime();
            var taken = _model.Offer(claim, _limits[endpoint], _now);
            Assert.True(
                _dispatcher.Offer(claim, _limits[endpoint], _now) == taken,
                Explain($"An offer should be {(taken ? "taken" : "refused")}.")
            );
            _offered += taken ? 1 : 0;
        }

        /// <summary>
        /// A worker takes one claim for each that ends, unless it is told that there may be more: with
        /// nothing left to take before, one must be all there is.
        /// </summary>
        private void EndOne()
        {
            while (Take()) { }

            var told = _random.Next(4) == 0 ? Return() : Release();
            var taken = 0;
            while (Take())
            {
                taken++;
            }

            Assert.True(told || taken <= 1, Explain($"Did not tell that {taken} may go."));
        }

        private bool Take()
        {
            if (_dispatcher.TryTake(_now, out var claim))
            {
                Note($"take {claim.Due.Key}");
                var fault = _model.FindFault(claim, _now);
                Assert.True(fault is null, Explain($"Handed out a claim that is {fault}."));
                Assert.True(_outside.Add(claim), Explain("Handed out a claim twice."));
                _model.Take(claim, _now);
                return true;
            }

            Note("take nothing");
            var runnable = _model.FindRunnable(_now);
            Assert.True(
                runnable is null,
                Explain($"Nothing forbids {runnable}, yet none is taken.")
            );
            var newcomer = _model.FindNewcomer(_now);
            Assert.True(newcomer is null, Explain($"{newcomer} has nothing, yet gets no place."));
            var wake = _dispatcher.NextWake;
            Assert.False(wake <= _now, Explain($"The next wake, {wake:O}, is not ahead."));
            if (_model.Holds == 0)
            {
                var free = _model.FirstFreeAt(_now);
                Assert.False(wake is null && free is not null, Explain($"No wake for {free:O}."));
                Assert.False(
                    wake > free + DispatcherModel.Rounding,
                    Explain($"It would wake {wake:O}, not {free:O}.")
                );
            }

            return false;
        }

        private bool Release()
        {
            if (Pick() is not { } claim)
            {
                return false;
            }

            var limits = _limits[Array.IndexOf(_endpoints, claim.Due.Key.Endpoint)];
            EndpointLimits? told = _random.Next(4) > 0 ? limits : null;
            Note($"release {claim.Due.Key} {told}");
            var more = _dispatcher.Release(claim.Due.Key.Endpoint, told, _now);
            _model.Release(claim, told);
            _outside.Remove(claim);
            _done++;
            return more;
        }

        private bool Return()
        {
            if (Pick() is not { } claim)
            {
                return false;
            }

            var until = _now + Whole(_random.Next(1, 3000));
            Note($"return {claim.Due.Key} until {until:O}");
            var more = _dispatcher.Return(claim, until, _now);
            _model.Return(claim, until);
            _outside.Remove(claim);
            return more;
        }

        private void Break(int endpoint)
        {
            // A breaker that is open stays so until its time: it may only open anew after that.
            var key = _endpoints[endpoint];
            if (_sender.PostponedUntil(key, _now) is null)
            {
                _sender.OpenUntil[key] = _now + Whole(_random.Next(1, 4000));
                Note($"break {endpoint} until {_sender.OpenUntil[key]:O}");
            }
        }

        private void HoldOrResume()
        {
            if (_model.Holds < 2 && _random.Next(2) == 0)
            {
                Note("hold");
                _dispatcher.Hold();
                _model.Holds++;
            }
            else if (_model.Holds > 0)
            {
                Note("resume");
                _dispatcher.Resume();
                _model.Holds--;
            }
        }

        private void Advance()
        {
            _now =
                _random.Next(3) == 0 && _dispatcher.NextWake is { } wake && wake > _now
                    ? wake
                    : _now + Whole(_random.Next(1, 700));
            Note($"now {_now:O}");
        }

        /// <summary>Sets the clock back, of which the sender, whose clock is another, takes no notice.</summary>
        private void SetBack()
        {
            TellTime();
            var by = Whole(_random.Next(1001, 100_000));
            _now -= by;
            Note($"set back to {_now:O}");
            foreach (var (endpoint, until) in _sender.OpenUntil.ToList())
            {
                _sender.OpenUntil[endpoint] = until - by;
            }

            _model.SetBack(by);
            TellTime();
        }

        private void TellTime()
        {
            _dispatcher.Hold();
            Assert.False(_dispatcher.TryTake(_now, out _), Explain("Hands out while held."));
            _dispatcher.Resume();
        }

        private void Check()
        {
            Assert.True(_dispatcher.InFlight == _model.InFlight, Explain("Miscounts in flight."));
            var room = Math.Max(0, _options.HeldMax - _model.Ready - _model.InFlight);
            Assert.True(_dispatcher.Room == room, Explain($"Room is not {room}."));
        }

        /// <summary>Whatever happened before, waiting and releasing hands out all that is left.</summary>
        private void Drain()
        {
            Note("drain");
            for (; _model.Holds > 0; _model.Holds--)
            {
                _dispatcher.Resume();
            }

            for (var rounds = 0; _done < _offered; rounds++)
            {
                Assert.True(rounds < 2000, Explain("It does not drain."));
                Take();
                if (_model.FindRunnable(_now) is null)
                {
                    while (_outside.Count > 0)
                    {
                        Release();
                    }

                    _now = _dispatcher.NextWake is { } wake && wake > _now ? wake : _now;
                }

                Check();
            }

            Assert.False(_dispatcher.TryTake(_now.AddDays(1), out _), Explain("Made up a claim."));
            var held = DispatcherProbe.Held(_dispatcher);
            Assert.True(held == DispatcherProbe.Empty, Explain($"It still holds {held}."));
        }

        private ClaimedDelivery? Pick() =>
            _outside.Count == 0 ? null : _model.UnderWay[_random.Next(_outside.Count)];

        private EndpointLimits RandomLimits() =>
            new(_random.Next(4) == 0 ? 20 : _random.Next(1, 5), Rates[_random.Next(Rates.Length)]);

        private static TimeSpan Whole(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

        private void Note(string text)
        {
            _trace.Enqueue(text);
            if (_trace.Count > 60)
            {
                _trace.Dequeue();
            }
        }

        private string Explain(string fault) =>
            $"Seed {_seed}: {fault} Options {_options}\n{string.Join('\n', _trace)}";
    }
}
