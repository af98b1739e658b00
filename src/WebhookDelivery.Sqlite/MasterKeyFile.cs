using System.Security.Cryptography;

namespace WebhookDelivery.Sqlite;

/// <summary>
/// The key that wraps every tenant's data key, in a file of the data directory. Without it, stored
/// secrets are lost: back it up, apart from the database.
/// </summary>
public static class MasterKeyFile
{
    /// <summary>The file's name within the data directory.</summary>
    public const string FileName = "master.key";

    /// <summary>Length of the key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>
    /// Moving a file to where none is looks first and moves then: two at once would both find none.
    /// Another process cannot be at it, as the data directory has one owner.
    /// </summary>
    private static readonly Lock Creating = new();

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    /// <summary>
    /// Reads the key, or makes one of random bytes. The file is base64 text, mode 0600 from the
    /// moment it exists. Idempotent: every call gives the same key.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The file is open to its group or others, or is not a key.
    /// </exception>
    public static byte[] ReadOrCreate(string dataDirectory)
    {
        var path = Path.Combine(Path.GetFullPath(dataDirectory), FileName);
        lock (Creating)
        {
            if (!File.Exists(path))
            {
                DataDirectory.Create(Path.GetDirectoryName(path)!);
                Create(path);
            }

            // Whoever made it: nothing may be sealed under a key whose name the disk does not have yet.
            DirectorySync.Force(Path.GetDirectoryName(path)!);
        }

        return Read(path);
    }

    private static void Create(string path)
    {
        // Written whole under another name first: a crash must not leave half a key behind.
        var draft = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():n}";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(draft, options))
        {
            var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n";
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
    }

    private static byte[] Read(string path)
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

        var key = new byte[KeyBytes];
        return
            Convert.TryFromBase64String(File.ReadAllText(path).Trim(), key, out var written)
            && written == KeyBytes
            ? key
            : throw new InvalidOperationException(
                $"The key file {path} does not hold {KeyBytes} bytes in base64."
            );
    }
}
