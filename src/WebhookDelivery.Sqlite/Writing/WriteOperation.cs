namespace WebhookDelivery.Sqlite;

/// <summary>
/// A change to what exists, and its caller's task in one object. The caller continues where the task
/// is completed, so that must never be on the writer's thread (<see cref="Completion"/>).
/// </summary>
internal sealed class WriteOperation<TState, TResult>(
    TState state,
    Func<WriteSession, TState, TResult> apply
) : TaskCompletionSource<TResult>, IWriteOperation
{
    private TResult? _result;

    public bool IsIngest => false;

    public int Bytes => 0;

    public void Apply(WriteSession session) => _result = apply(session, state);

    public void Succeed() => TrySetResult(_result!);

    public void Fail(Exception exception) => TrySetException(exception);
}
