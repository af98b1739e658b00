using System.Diagnostics.CodeAnalysis;
using WebhookDelivery.Benchmarks;

/// <summary>
/// What the runtime calls before <c>Main</c> of a server that is started with this assembly in
/// <c>DOTNET_STARTUP_HOOKS</c>: so the server can be counted without a line of it being for that.
/// </summary>
[SuppressMessage(
    "Design",
    "MA0047:Declare types in namespaces",
    Justification = "The runtime looks for a type of this name outside of any namespace."
)]
[SuppressMessage(
    "Design",
    "CA1050:Declare types in namespaces",
    Justification = "The runtime looks for a type of this name outside of any namespace."
)]
internal static class StartupHook
{
    public static void Initialize() => RuntimeCounters.AnswerSignals();
}
