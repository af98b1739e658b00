namespace WebhookDelivery.Sqlite;

/// <summary>What a read saw of the numbered commits: its view was taken between two of them.</summary>
/// <param name="Since">This commit and every earlier one, it saw.</param>
/// <param name="Through">No later one than this.</param>
internal readonly record struct CommitRange(long Since, long Through);
