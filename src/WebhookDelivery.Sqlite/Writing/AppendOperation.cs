using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>A new event and its caller's task. The writer applies those of a batch together.</summary>
internal sealed class AppendOperation(EventAppend append)
    : TaskCompletionSource<AppendResult>,
        IWriteOperation
{
    public EventAppend Append => append;

    /// <summary>What the caller will be told, if the transaction commits.</summary>
    public AppendResult? Result { get; set; }

    public bool IsIngest => true;

    public int Bytes => append.Event.Payload.Length;

    public void Apply(WriteSession session) => AppendWrite.Apply(session, [this]);

    public void Succeed() => TrySetResult(Result!);

    public void Fail(Exception exception) => TrySetException(exception);
}
