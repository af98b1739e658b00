using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// Answers the callers of a few operations, one after another, on a thread of the pool: an item for
/// each would cost more than most callers then do.
/// </summary>
internal sealed class Completion : IThreadPoolWorkItem
{
    /// <summary>Callers that one item answers; few, so that several cores share a large batch.</summary>
    private const int CallersMax = 16;

    private readonly IWriteOperation[] _operations;
    private readonly Exception? _exception;

    private Completion(IWriteOperation[] operations, Exception? exception)
    {
        _operations = operations;
        _exception = exception;
    }

    /// <summary>Answers all of a batch, which may be reused when this returns.</summary>
    /// <param name="batch">Whose callers.</param>
    /// <param name="exception">What to fail them with; null if they succeeded.</param>
    public static void Queue(List<IWriteOperation> batch, Exception? exception)
    {
        for (var start = 0; start < batch.Count; start += CallersMax)
        {
            var operations = new IWriteOperation[Math.Min(CallersMax, batch.Count - start)];
            batch.CopyTo(start, operations, 0, operations.Length);
            ThreadPool.UnsafeQueueUserWorkItem(
                new Completion(operations, exception),
                preferLocal: false
            );
        }
    }

    /// <summary>Answers the caller of one that failed by itself.</summary>
    public static void QueueAlone(IWriteOperation operation, Exception exception) =>
        Queue([operation], Translate(exception));

    public void Execute()
    {
        foreach (var operation in _operations)
        {
            if (_exception is null)
            {
                operation.Succeed();
            }
            else
            {
                operation.Fail(_exception);
            }
        }
    }

    /// <summary>A damaged page is the store's fault, and no caller's.</summary>
    private static Exception Translate(Exception exception) =>
        exception is SqliteException { IsDamage: true }
            ? new StoreUnavailableException(
                "The database is damaged.",
                innerException: exception,
                isDamage: true
            )
            : exception;
}
