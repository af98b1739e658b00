using WebhookDelivery.Core;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The keys that wrap the tenants' data keys, in a file of the data directory: the current one in the
/// first line, those that it replaced below. Without it, stored secrets are lost: back it up, apart from
/// the database.
/// </summary>
public static class MasterKeyFile
{
    /// <summary>The file's name within the data directory.</summary>
    public const string FileName = "master.key";

    /// <summary>
    /// Moving a file to where none is looks first and moves then: two at once would both find none.
    /// Another process cannot be at it, as the data directory has one owner.
    /// </summary>
    private static readonly Lock Creating = new();

    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>
    /// Reads the keys, or makes one of random bytes. The file is base64 text, mode 0600 from the moment it
    /// exists. Idempotent: every call gives the same keys.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The file is open to its group or others, or does not hold keys.
    /// </exception>
    public static MasterKeyRing ReadOrCreate(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        lock (Creating)
        {
            DataDirectory.Create(Path.GetDirectoryName(path)!);

            // What a crash left of a change: it may hold a key that was to be removed.
            File.Delete(DraftOf(path));
            if (!File.Exists(path))
            {
                Put(path, MasterKeyRing.Create(), overwrite: false);
            }

            // Whoever made it: nothing may be sealed under a key whose name the disk does not have yet.
            DurableFiles.FlushDirectory(Path.GetDirectoryName(path)!);
        }

        return Read(path);
    }

    /// <summary>
    /// Puts other keys in the place of those that are there, durable when it returns. Whatever cuts it
    /// off, the file then holds all of the one or all of the other.
    /// </summary>
    public static void Replace(string dataDirectory, MasterKeyRing keys) =>
        Put(PathIn(dataDirectory), keys, overwrite: true);

    /// <summary>Where the file of a data directory is, whether or not it exists.</summary>
    public static string PathIn(string dataDirectory) =>
        Path.Combine(Path.GetFullPath(dataDirectory), FileName);

    private static string DraftOf(string path) => path + ".draft";

    private static void Put(string path, MasterKeyRing keys, bool overwrite)
    {
        // Written whole under another name first: a crash must not leave half a key behind.
        var draft = DraftOf(path);
        DurableFiles.Create(draft);
        using (var stream = new FileStream(draft, FileMode.Open, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(keys.Format()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite);

        // Before anything is wrapped by a new key: a power cut must not bring back the file without it.
        DurableFiles.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    private static MasterKeyRing Read(string path)
    {
        if (
            !OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None
        )
        {
            throw new InvalidOperationException(
                $"The key file {path} is open to its group or to others. It must be readable by its owner only: chmod 600 {path}"
            );
        }

        return MasterKeyRing.Parse(File.ReadAllText(path))
            ?? throw new InvalidOperationException(
                $"The key file {path} does not hold {SealedBox.KeyBytes} bytes in base64, one key per line and at most {MasterKeyRing.KeysMax}."
            );
    }
}
