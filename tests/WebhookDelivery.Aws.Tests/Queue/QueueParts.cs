using Amazon.DynamoDBv2;
using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Aws.Tests;

/// <summary>The queue as one process has it, wired as a host wires it.</summary>
internal sealed class QueueParts : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <summary>Makes one.</summary>
    /// <param name="dynamo">Where the tables are; stays the caller's.</param>
    /// <param name="sqs">Where the queues are; stays the caller's.</param>
    /// <param name="options">Which tables and queues, and the rules of waiting.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">What is logged; null for nothing.</param>
    /// <param name="deadLetters">Stands in for the hourly sweep of dead letters.</param>
    public QueueParts(
        IAmazonDynamoDB dynamo,
        IAmazonSQS sqs,
        AwsEngineOptions options,
        TimeProvider time,
        RecordedLog? log = null,
        IDeadLetterSweep? deadLetters = null
    )
    {
        var services = new ServiceCollection();
        services.AddSingleton(options);
        services.AddSingleton(time);
        services.AddSingleton(_ => new EventShards(dynamo, options, time));
        services.AddSingleton(provider => new DeadLetterMessages(
            sqs,
            options,
            time,
            provider.GetRequiredService<ILogger<DeadLetterMessages>>()
        ));
        services.AddSingleton(deadLetters ?? new NoDeadLetters());
        services.AddSingleton<IJitterSource>(new NoJitter());
        services.AddSingleton(typeof(ILogger<>), typeof(ForwardedLog<>));
        services.AddSingleton(log ?? new RecordedLog());
        services.AddSingleton(dynamo);
        services.AddSingleton(sqs);
        services.AddSqsQueue();
        _services = services.BuildServiceProvider();
    }

    public SqsDeliveryQueue Queue =>
        (SqsDeliveryQueue)_services.GetRequiredService<IDeliveryQueue>();

    public DeliveryMessageReader Reader => _services.GetRequiredService<DeliveryMessageReader>();

    public MessageSender Sender => _services.GetRequiredService<MessageSender>();

    /// <summary>Ends the process in an orderly way. The clients were given, so they stay.</summary>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class NoDeadLetters : IDeadLetterSweep
    {
        public ValueTask SweepAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }

    private sealed class NoJitter : IJitterSource
    {
        public double Next() => -1;
    }

    private sealed class ForwardedLog<T>(RecordedLog log) : ILogger<T>
    {
        private readonly ILogger<T> _target = log.For<T>();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _target.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => _target.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _target.Log(logLevel, eventId, state, exception, formatter);
    }
}
