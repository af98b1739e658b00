using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Http.Tests;

/// <summary>A receiver that resets a connection between its being made and its first use.</summary>
public sealed class ResetAtOnceTests
{
    [Fact]
    public async Task Send_ConnectionResetBeforeItsFirstUse_ConnectFailedAndItIsClosed()
    {
        var log = new Errors();
        var dialer = new ResetDialer();
        using var sender = new WebhookSender(
            SenderRig.Loopback,
            new ScriptedResolver(),
            TimeProvider.System,
            log,
            dialer,
            trustedRoots: null
        );

        var result = await sender.SendAsync(
            SenderRig.Request(new Uri("http://127.0.0.1:8080/")),
            TestContext.Current.CancellationToken
        );

        var attempted = Assert.IsType<SendResult.Attempted>(result);
        Assert.Equal(ReasonCode.ConnectFailed, attempted.Outcome.Reason);
        Assert.Empty(log.Lines);
        Assert.True(dialer.Made!.SafeHandle.IsClosed);
    }

    /// <summary>Connects, and hands the connection over once its reset has arrived.</summary>
    private sealed class ResetDialer : IDialer
    {
        public Socket? Made { get; private set; }

        public async ValueTask<Stream> DialAsync(
            IPEndPoint target,
            CancellationToken cancellationToken
        )
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var socket = Made = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(listener.LocalEndpoint, cancellationToken);
            using (var accepted = await listener.AcceptSocketAsync(cancellationToken))
            {
                accepted.LingerState = new LingerOption(enable: true, seconds: 0);
            }

            Assert.True(socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
            return new NetworkStream(socket, ownsSocket: true);
        }
    }

    private sealed class Errors : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
