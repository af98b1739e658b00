using System.Text.RegularExpressions;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// A file under another name than the one it is made for, so that under that one it is whole or not
/// there. Deleted with this object, unless kept.
/// </summary>
internal sealed partial class Draft : IDisposable
{
    /// <summary>How a file ends that is not whole yet.</summary>
    public const string Suffix = ".partial";

    private bool _kept;

    private Draft(string path) => Path = path;

    public string Path { get; }

    /// <summary>Makes one beside its target, empty and its owner's alone.</summary>
    /// <exception cref="BackupException">The directory cannot be written.</exception>
    public static Draft Create(string target)
    {
        var path = $"{target}.{Environment.ProcessId}-{Guid.NewGuid():n}{Suffix}";
        try
        {
            DurableFiles.Create(path);
            return new Draft(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{target} cannot be made: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The files of a directory that have such names as drafts are given: whoever else ends names in
    /// .partial does not also put a process and a GUID before it.
    /// </summary>
    public static IEnumerable<string> In(string directory) =>
        Directory.EnumerateFiles(directory, $"*{Suffix}").Where(path => Name().IsMatch(path));

    /// <summary>Gives it the target's name, for good.</summary>
    /// <exception cref="BackupException">A file has that name meanwhile.</exception>
    public void Keep(string target, bool overwrite)
    {
        try
        {
            File.Move(Path, target, overwrite);
            _kept = true;
        }
        catch (IOException exception)
        {
            throw new BackupException($"{target} cannot be made: {exception.Message}", exception);
        }

        DurableFiles.FlushDirectory(System.IO.Path.GetDirectoryName(target)!);
    }

    public void Dispose()
    {
        if (!_kept)
        {
            File.Delete(Path);
        }
    }

    [GeneratedRegex(
        @"[^/\\]\.[0-9]+-[0-9a-f]{32}\.partial\z",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Name();
}
