using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Crash.Tests;

/// <summary>
/// What steers the fault library in a server: a file that both map, so that each side sees at once
/// what the other wrote, and a killed server's last words remain.
/// </summary>
internal sealed class FaultControl : IDisposable
{
    /// <summary>ENOSPC of Linux.</summary>
    public const int NoSpace = 28;

    /// <summary>EIO of Linux.</summary>
    public const int InputOutput = 5;

    /// <summary>EROFS of Linux.</summary>
    public const int ReadOnly = 30;

    /// <summary>The seed of the worst disk: a cut of the power leaves nothing that was not synced.</summary>
    public const long Worst = 0;

    private readonly TemporaryDirectory _directory = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Makes the file.</summary>
    /// <param name="dataDirectory">The directory of the server that it will steer.</param>
    /// <param name="remembers">
    /// Whether unsynced writes are remembered, so that the power can be cut. The machine's own disk is
    /// not synced then: it would only take time.
    /// </param>
    public FaultControl(string dataDirectory, bool remembers)
    {
        var path = Path.Combine(_directory.Path, "control");
        var size = Marshal.SizeOf<Layout>();
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.CreateNew, null, size);
        _view = _file.CreateViewAccessor(0, size);
        Write(nameof(Layout.Remembers), remembers ? 1 : 0);
        Variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = FaultLibrary.Path,
            ["FAULTS_CONTROL"] = path,
            ["FAULTS_DIRECTORY"] = dataDirectory,
        };
    }

    /// <summary>What the server's environment must have.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Where the server ended; <see cref="CrashPoint.None"/> if the library did not end it.</summary>
    public CrashPoint Fired => (CrashPoint)_view.ReadInt32(Offset(nameof(Layout.Fired)));

    /// <summary>Calls that were made to fail.</summary>
    public int Failed => _view.ReadInt32(Offset(nameof(Layout.Failed)));

    /// <summary>Sectors that cuts of the power put back.</summary>
    public long SectorsForgotten => _view.ReadInt64(Offset(nameof(Layout.SectorsForgotten)));

    /// <summary>How often the point was passed, by all servers so far.</summary>
    public long Passings(CrashPoint point) =>
        _view.ReadInt64(Offset(nameof(Layout.Passings)) + ((int)point * sizeof(long)));

    /// <summary>Ends the server at a point.</summary>
    /// <param name="point">Where.</param>
    /// <param name="passing">At which passing from now on, from 1.</param>
    /// <param name="ending">How.</param>
    /// <param name="seed">Decides what a cut of the power leaves.</param>
    public void Arm(CrashPoint point, int passing, Ending ending, long seed)
    {
        Disarm();
        Write(nameof(Layout.PassingsLeft), passing);
        Write(nameof(Layout.Ending), (int)ending);
        _view.Write(Offset(nameof(Layout.Seed)), seed);
        Interlocked.MemoryBarrier();
        Write(nameof(Layout.Armed), (int)point);
    }

    /// <summary>Lets the server live.</summary>
    public void Disarm()
    {
        Write(nameof(Layout.Armed), (int)CrashPoint.None);
        Write(nameof(Layout.Fired), (int)CrashPoint.None);
    }

    /// <summary>Fails calls at a point from now on.</summary>
    /// <param name="point">One that stands before a call.</param>
    /// <param name="error">The error number.</param>
    /// <param name="times">How many of them.</param>
    public void Fail(CrashPoint point, int error, int times)
    {
        Write(nameof(Layout.FailureErrno), error);
        Write(nameof(Layout.FailuresLeft), times);
        Interlocked.MemoryBarrier();
        Write(nameof(Layout.Failing), (int)point);
    }

    /// <summary>Fails no more.</summary>
    public void Mend() => Write(nameof(Layout.Failing), (int)CrashPoint.None);

    /// <summary>Makes every fsync say that it succeeded, and do nothing.</summary>
    public void LieAboutSyncs() => Write(nameof(Layout.Lies), 1);

    /// <summary>Sets the server's wall clock off from the machine's.</summary>
    public void ShiftClock(TimeSpan offset) =>
        _view.Write(Offset(nameof(Layout.ClockOffsetNanoseconds)), offset.Ticks * 100);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        _directory.Dispose();
    }

    private static long Offset(string field) => (long)Marshal.OffsetOf<Layout>(field);

    private void Write(string field, int value) => _view.Write(Offset(field), value);

    /// <summary><c>struct control</c> of the library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        public long ClockOffsetNanoseconds;
        public int Armed;
        public int PassingsLeft;
        public int Ending;
        public int Fired;
        public int Failing;
        public int FailuresLeft;
        public int FailureErrno;
        public int Failed;
        public int Remembers;
        public int Lies;
        public long Seed;
        public long SectorsForgotten;

        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)]
        public long[] Passings;
    }
}
