namespace WebhookDelivery.Sqlite;

/// <summary>
/// An operation and its caller's task in one object. The caller continues on the thread pool, never
/// on the writer's thread.
/// </summary>
internal sealed class WriteOperation<TState, TResult>(
    TState state,
    Func<WriteSession, TState, TResult> apply,
    int bytes,
    bool isIngest
)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously),
        IWriteOperation
{
    private TResult? _result;

    public bool IsIngest => isIngest;

    public int Bytes => bytes;

    public void Apply(WriteSession session) => _result = apply(session, state);

    public void Succeed() => TrySetResult(_result!);

    public void Fail(Exception exception) => TrySetException(exception);
}
