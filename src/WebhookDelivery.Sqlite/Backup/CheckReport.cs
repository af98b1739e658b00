namespace WebhookDelivery.Sqlite;

/// <summary>What a check found.</summary>
/// <param name="Path">The database's file.</param>
/// <param name="Summary">What it holds; null if it is too damaged to say.</param>
/// <param name="Faults">Each in a line for the operator; empty if all is well.</param>
public sealed record CheckReport(
    string Path,
    DatabaseSummary? Summary,
    IReadOnlyList<string> Faults
);
