using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The only one that writes. It takes what waits in its channel, never lingering for more, applies
/// all of it in one transaction, commits, and then answers the callers: one fsync for many.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly SqliteEngineOptions _options;
    private readonly StorageGuard _guard;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _logger;
    private readonly WriteSession _session;
    private readonly Checkpoints _checkpoints;
    private readonly Channel<IWriteOperation> _channel;
    private readonly List<AppendOperation> _appends = [];
    private readonly Task _loop;
    private long _queuedBytes;
    private volatile string? _fault;

    public Writer(
        Database database,
        SqliteEngineOptions options,
        StorageGuard guard,
        EngineMetrics metrics,
        ILogger logger
    )
    {
        _options = options;
        _guard = guard;
        _metrics = metrics;
        _logger = logger;
        _session = new WriteSession(database);
        _checkpoints = new Checkpoints(database);
        _channel = Channel.CreateBounded<IWriteOperation>(
            new BoundedChannelOptions(options.WriterQueueMax) { SingleReader = true }
        );
        _loop = Task.Factory.StartNew(
            Loop,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <inheritdoc cref="WriteSession.CommitNumber"/>
    public long CommitNumber => _session.CommitNumber;

    /// <inheritdoc cref="WriteSession.Committed"/>
    public long Committed => _session.Committed;

    /// <summary>Why the last batch failed; null if it did not.</summary>
    public string? Fault => _fault;

    /// <summary>
    /// Stores something new, or refuses it at once when the channel is full or room is short.
    /// </summary>
    public Task<AppendResult> AppendAsync(EventAppend append)
    {
        if (_guard.Refusal is { } refusal)
        {
            return Refuse(refusal, TimeSpan.FromSeconds(5));
        }

        var operation = new AppendOperation(append);
        if (Interlocked.Add(ref _queuedBytes, operation.Bytes) > _options.WriterQueueBytesMax)
        {
            Interlocked.Add(ref _queuedBytes, -operation.Bytes);
            return Refuse("Too many bytes wait to be written.");
        }

        if (!_channel.Writer.TryWrite(operation))
        {
            Interlocked.Add(ref _queuedBytes, -operation.Bytes);
            return Refuse("Too many operations wait to be written.");
        }

        return operation.Task;
    }

    /// <summary>
    /// Stores a change to what exists; waits for room in the channel. The token ends that wait only:
    /// an operation that is queued will be carried out.
    /// </summary>
    public Task<TResult> ChangeAsync<TState, TResult>(
        TState state,
        Func<WriteSession, TState, TResult> apply,
        CancellationToken cancellationToken
    )
    {
        var operation = new WriteOperation<TState, TResult>(state, apply);
        return _channel.Writer.TryWrite(operation)
            ? operation.Task
            : WaitForRoomAsync(operation, cancellationToken);
    }

    /// <summary>Writes what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _loop;
    }

    private async Task<TResult> WaitForRoomAsync<TState, TResult>(
        WriteOperation<TState, TResult> operation,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await _channel.Writer.WriteAsync(operation, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new StoreUnavailableException(
                "The engine is closing.",
                innerException: exception
            );
        }

        return await operation.Task;
    }

    private static Task<AppendResult> Refuse(string reason, TimeSpan? retryAfter = null) =>
        Task.FromException<AppendResult>(new StoreUnavailableException(reason, retryAfter));

    private void Loop()
    {
        var batch = new List<IWriteOperation>(_options.BatchOperationsMax);
        try
        {
            while (_channel.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (Take(batch))
                {
                    Write(batch);
                    batch.Clear();
                    _checkpoints.AfterCommit();
                }
            }
        }
        catch (Exception exception)
        {
            // A bug. Callers must not wait for ever for a thread that is gone.
            Log.WriterStopped(_logger, exception);
            _fault = exception.Message;
            _channel.Writer.TryComplete(exception);
            while (Take(batch))
            {
                Fail(batch, exception);
                batch.Clear();
            }
        }
    }

    private bool Take(List<IWriteOperation> batch)
    {
        long bytes = 0;
        while (
            batch.Count < _options.BatchOperationsMax
            && bytes < _options.BatchBytesMax
            && _channel.Reader.TryRead(out var operation)
        )
        {
            batch.Add(operation);
            bytes += operation.Bytes;
        }

        Interlocked.Add(ref _queuedBytes, -bytes);
        return batch.Count > 0;
    }

    private void Write(List<IWriteOperation> batch)
    {
        try
        {
            if (!TryWriteTogether(batch))
            {
                WriteApart(batch);
            }
        }
        catch (Exception exception)
        {
            // SQLite refuses in ways that no list is sure to name, and the thread must live on. A full
            // disk shows only here, at the commit.
            WriteChangesAlone(batch, exception);
        }
    }

    /// <summary>
    /// The machine stands in the way. What ends existing work matters more than new work, and is
    /// smaller: it may still fit.
    /// </summary>
    private void WriteChangesAlone(List<IWriteOperation> batch, Exception refusal)
    {
        Undo();
        var changes = batch.FindAll(operation => !operation.IsIngest);
        Fail(batch.FindAll(operation => operation.IsIngest), refusal);
        try
        {
            if (changes.Count == batch.Count || changes.Count == 0 || !TryWriteTogether(changes))
            {
                Fail(changes, refusal);
            }
        }
        catch (Exception again)
        {
            // As above: refused at the commit once more.
            Undo();
            Fail(changes, again);
        }
    }

    private bool TryWriteTogether(List<IWriteOperation> batch)
    {
        _session.Begin();
        try
        {
            ApplyTogether(batch);
        }
        catch (Exception)
        {
            // Whatever it was, it comes again when each is tried for itself.
            Undo();
            return false;
        }

        _session.Commit();
        Succeed(batch);
        return true;
    }

    /// <summary>
    /// New events first, by one. None of the batch has been answered, so no caller can tell in which
    /// order they were applied.
    /// </summary>
    private void ApplyTogether(List<IWriteOperation> batch)
    {
        foreach (var operation in batch)
        {
            if (operation is AppendOperation append)
            {
                _appends.Add(append);
            }
        }

        try
        {
            AppendWrite.Apply(_session, CollectionsMarshal.AsSpan(_appends));
        }
        finally
        {
            // Their payloads must not be kept until the next batch comes.
            _appends.Clear();
        }

        foreach (var operation in batch)
        {
            if (operation is not AppendOperation)
            {
                operation.Apply(_session);
            }
        }
    }

    private void WriteApart(List<IWriteOperation> batch)
    {
        var failed = new List<(IWriteOperation Operation, Exception Exception)>();
        var applied = new List<IWriteOperation>(batch.Count);
        if (TryApplyApart(batch, applied, failed) is { } refusal)
        {
            WriteChangesAlone(batch, refusal);
            return;
        }

        _session.Commit();
        Succeed(applied);
        foreach (var (operation, exception) in failed)
        {
            Log.WriteFailedAlone(_logger, exception);
            Completion.QueueAlone(operation, exception);
        }
    }

    /// <summary>Applies each in a savepoint. Returns what makes all of them hopeless, if anything.</summary>
    private SqliteException? TryApplyApart(
        List<IWriteOperation> batch,
        List<IWriteOperation> applied,
        List<(IWriteOperation Operation, Exception Exception)> failed
    )
    {
        var database = _session.Database;
        _session.Begin();
        foreach (var operation in batch)
        {
            _session.Prepare("SAVEPOINT one").Run();
            try
            {
                operation.Apply(_session);
                applied.Add(operation);
            }
            catch (Exception exception)
            {
                if (
                    exception is SqliteException { IsEnvironmental: true } refusal
                    || !database.InTransaction
                )
                {
                    return exception as SqliteException
                        ?? new SqliteException(SqliteNative.Abort, exception.Message);
                }

                _session.Prepare("ROLLBACK TO one").Run();
                _session.Forget();
                failed.Add((operation, exception));
            }

            _session.Prepare("RELEASE one").Run();
        }

        return null;
    }

    private void Undo()
    {
        _session.Forget();
        try
        {
            if (_session.Database.InTransaction)
            {
                _session.Prepare("ROLLBACK").Run();
            }
        }
        catch (SqliteException exception)
        {
            Log.WritesFail(_logger, "a transaction could not be rolled back", exception);
        }
    }

    private void Succeed(List<IWriteOperation> batch)
    {
        _metrics.Committed(batch.Count);
        if (_fault is not null)
        {
            _fault = null;
            Log.WritesSucceed(_logger);
        }

        Completion.Queue(batch, exception: null);
    }

    private void Fail(List<IWriteOperation> batch, Exception exception)
    {
        if (batch.Count == 0)
        {
            return;
        }

        if (_fault is null)
        {
            Log.WritesFail(_logger, exception.Message, exception);
        }

        _fault = exception.Message;
        Completion.Queue(
            batch,
            new StoreUnavailableException("The database refuses writes.", innerException: exception)
        );
    }
}
