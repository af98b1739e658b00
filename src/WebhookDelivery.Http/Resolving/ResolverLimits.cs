namespace WebhookDelivery.Http;

/// <summary>How far the resolver goes. At most 28 threads, which start when they are needed.</summary>
internal sealed record ResolverLimits
{
    /// <summary>Threads for names that answered quickly when last asked. Default 8.</summary>
    public int ProvenThreadsMax { get; init; } = 8;

    /// <summary>Threads for names of which nothing is known. Default 16: four hung zones' worth.</summary>
    public int NewThreadsMax { get; init; } = 16;

    /// <summary>Threads for names of zones that hang or hung. Default 4.</summary>
    public int SlowThreadsMax { get; init; } = 4;

    /// <summary>Most threads that one zone holds, over all lanes. Default 4.</summary>
    public int ZoneThreadsMax { get; init; } = 4;

    /// <summary>
    /// How many of its zone's threads may be busy, this one included, when a slow name gets one.
    /// Default 1: slow zones take turns.
    /// </summary>
    public int SlowZoneThreadsMax { get; init; } = 1;

    /// <summary>Most questions that wait for a thread; more are answered as not resolving. Default 1024.</summary>
    public int WaitingMax { get; init; } = 1024;

    /// <summary>From when on a question counts as slow. Default 2 s.</summary>
    public TimeSpan SlowAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long addresses are kept. Default 5 s.</summary>
    public TimeSpan AnswerLifetime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a name that was slow and had no addresses counts as not resolving. Default 15 s.</summary>
    public TimeSpan SlowAnswerLifetime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a zone stays slow, unless a name of it answers quickly before. Default 10 min.</summary>
    public TimeSpan SlowZoneLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most names and most zones remembered; the oldest are forgotten first. Default 8192.</summary>
    public int RememberedMax { get; init; } = 8192;

    /// <summary>After how long without work a thread ends. Default 30 s.</summary>
    public TimeSpan ThreadIdleTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most threads of a lane.</summary>
    public int ThreadsMax(Lane lane) =>
        lane switch
        {
            Lane.Proven => ProvenThreadsMax,
            Lane.New => NewThreadsMax,
            _ => SlowThreadsMax,
        };

    /// <summary>Most threads of all lanes.</summary>
    public int AllThreadsMax => ProvenThreadsMax + NewThreadsMax + SlowThreadsMax;
}
