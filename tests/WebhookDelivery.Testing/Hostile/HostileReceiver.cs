using WebhookDelivery.Core;

namespace WebhookDelivery.Testing;

/// <summary>
/// A receiver that breaks the rules or tries to hold its sender, and what every attempt at it must
/// come to. Immutable: <see cref="Start"/> runs one.
/// </summary>
/// <param name="Name">A few words, unique; the docs have it under the same.</param>
/// <param name="Script">What it does with each connection.</param>
public sealed record HostileReceiver(string Name, Func<RawConnection, HostileStage, Task> Script)
{
    /// <summary>
    /// What an attempt may come to: one outcome, or several where it depends on which attempt it is;
    /// then twenty attempts, one after another, show each of them.
    /// </summary>
    public required IReadOnlyList<HostileOutcome> Outcomes { get; init; }

    /// <summary>What ends an attempt; default <see cref="AttemptEnd.AtOnce"/>.</summary>
    public AttemptEnd Ends { get; init; }

    /// <summary>True if its URL is https. A script starts TLS itself, or does not.</summary>
    public bool Https { get; init; }

    /// <summary>How large a payload it takes to show what it does; default 0, any.</summary>
    public int PayloadBytes { get; init; }

    /// <summary>What the kernel takes of an unread request; null for the system's default.</summary>
    public int? ReceiveBufferBytes { get; init; }

    /// <summary>Makes one whose script needs nothing but the connection.</summary>
    public static HostileReceiver Of(
        string name,
        ReasonCode reason,
        int? status,
        Func<RawConnection, Task> script
    ) =>
        new(name, (connection, _) => script(connection))
        {
            Outcomes = [new HostileOutcome(reason, status)],
        };

    /// <summary>Makes one that sends the same answer to every request, and keeps the connection.</summary>
    public static HostileReceiver Answering(
        string name,
        ReasonCode reason,
        int? status,
        string answer
    ) =>
        Of(
            name,
            reason,
            status,
            async connection =>
            {
                while (true)
                {
                    await connection.ReadRequestAsync();
                    await connection.SendAsync(answer);
                }
            }
        );

    /// <summary>Makes one that sends an answer and closes the connection.</summary>
    public static HostileReceiver Closing(
        string name,
        ReasonCode reason,
        int? status,
        string answer
    ) =>
        Of(
            name,
            reason,
            status,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(answer);
            }
        );

    /// <summary>Makes one that begins an answer and repeats a part of it until the sender hangs up.</summary>
    public static HostileReceiver Flooding(
        string name,
        ReasonCode reason,
        int? status,
        string start,
        byte[] forever
    ) =>
        Of(
            name,
            reason,
            status,
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(start);
                await connection.SendForeverAsync(forever);
            }
        );

    /// <summary>Starts it on a free port of 127.0.0.1.</summary>
    /// <param name="deadline">The deadline of the attempts to come.</param>
    public RawReceiver Start(TimeSpan deadline)
    {
        var stage = new HostileStage(deadline);
        return RawReceiver.Start(
            connection => Script(connection, stage),
            receiveBufferBytes: ReceiveBufferBytes
        );
    }

    /// <summary>The URL that a tenant would give of a running one.</summary>
    public Uri UrlOf(RawReceiver running) =>
        new($"{(Https ? "https" : "http")}://127.0.0.1:{running.Port}/hook");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
