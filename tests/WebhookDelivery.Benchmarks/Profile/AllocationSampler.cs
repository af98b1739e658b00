using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime.InteropServices;
using RuntimeEventSource = System.Diagnostics.Tracing.EventSource;

namespace WebhookDelivery.Benchmarks;

/// <summary>
/// The part of the counting that runs inside a server and tells what is allocated: from one signal to
/// the next it takes the runtime's random samples of allocations, and then writes bytes by type.
/// </summary>
internal sealed class AllocationSampler : EventListener
{
    /// <summary>Appended to the file of <see cref="RuntimeCounters"/>.</summary>
    public const string FileSuffix = ".types";

    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords AllocationSampling = (EventKeywords)0x80000000000;
    private const string Sampled = "AllocationSampled";

    /// <summary>The runtime samples a byte in so many, on average, and with it the object it belongs to.</summary>
    private const double MeanDistanceBytes = 102_400;

    private static PosixSignalRegistration? s_signal;
    private static AllocationSampler? s_sampling;
    private static string s_path = "";

    private readonly ConcurrentDictionary<string, double> _bytes = new(StringComparer.Ordinal);

    private AllocationSampler() { }

    /// <summary>Begins to wait for signals.</summary>
    /// <param name="path">Where to write.</param>
    public static void AnswerSignals(string path)
    {
        s_path = path;
        s_signal = PosixSignalRegistration.Create(
            (PosixSignal)Signals.SigWinch,
            _ => StartOrStop()
        );
    }

    /// <summary>
    /// The bytes that a sampled object stands for: it was met with the probability that one of its bytes
    /// was, which is small for a small object, and near to one for a large one.
    /// </summary>
    internal static double Weight(double objectBytes) =>
        objectBytes / (1 - Math.Exp(-objectBytes / MeanDistanceBytes));

    protected override void OnEventSourceCreated(RuntimeEventSource eventSource)
    {
        if (eventSource.Name == Runtime)
        {
            EnableEvents(eventSource, EventLevel.Informational, AllocationSampling);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (
            eventData.EventName?.StartsWith(Sampled, StringComparison.Ordinal) == true
            && eventData is { PayloadNames: { } names, Payload: { } values }
        )
        {
            var type = (string)values[names.IndexOf("TypeName")]!;
            var bytes = Weight(
                Convert.ToDouble(values[names.IndexOf("ObjectSize")], CultureInfo.InvariantCulture)
            );
            _bytes.AddOrUpdate(type, bytes, (_, sum) => sum + bytes);
        }
    }

    private static void StartOrStop()
    {
        if (s_sampling is null)
        {
            s_sampling = new AllocationSampler();
            Put("");
            return;
        }

        s_sampling.Dispose();
        Put(
            string.Join(
                '\n',
                s_sampling._bytes.Select(type =>
                    string.Create(CultureInfo.InvariantCulture, $"{type.Value:0} {type.Key}")
                )
            )
        );
        s_sampling = null;
    }

    /// <summary>Renamed into place, so that the reader sees all of it or nothing.</summary>
    private static void Put(string text)
    {
        File.WriteAllText(s_path + ".part", text);
        File.Move(s_path + ".part", s_path, overwrite: true);
    }
}
