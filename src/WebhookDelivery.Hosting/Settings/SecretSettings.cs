using WebhookDelivery.Core;

namespace WebhookDelivery.Hosting;

/// <summary>
/// Reads what is secret. Each of these can be given by value, or as the path of a file that holds it, as
/// service managers and container platforms hand secrets over: then it is in no environment.
/// </summary>
internal static class SecretSettings
{
    /// <summary>More is no key, and need not be read.</summary>
    private const int FileBytesMax = 4096;

    public static ApiKey? ReadAdminKey(SettingsReader reader, DateTimeOffset now)
    {
        if (Read(reader, "AdminKey") is not var (key, text))
        {
            return null;
        }

        var admin = ApiKeyToken.ReadOperatorKey(text, now);
        if (admin is null)
        {
            reader.Fault(
                key,
                "must be an operator key (wha_…) as `admin-key` prints one; the checksum of this one is wrong."
            );
        }

        return admin;
    }

    /// <summary>The current master key, and, where a file has further lines, those that it replaced.</summary>
    public static MasterKeyRing? ReadMasterKeys(SettingsReader reader)
    {
        if (Read(reader, "Secrets:MasterKey") is not var (key, text))
        {
            return null;
        }

        var keys = MasterKeyRing.Parse(text);
        if (keys is null)
        {
            reader.Fault(key, "must be 32 bytes in base64.");
        }

        return keys;
    }

    /// <summary>Master keys that open what they wrapped, and wrap nothing any more.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadPreviousKeys(SettingsReader reader)
    {
        const string Key = "Secrets:PreviousMasterKeys";
        if (reader.List(Key) is not { } texts)
        {
            return [];
        }

        if (MasterKeyRing.Parse(string.Join('\n', texts)) is { } keys)
        {
            return [keys.Current, .. keys.Previous];
        }

        reader.Fault(
            Key,
            $"must be 1 to {MasterKeyRing.KeysMax} keys of 32 bytes in base64, with commas between them."
        );
        return [];
    }

    /// <summary>A value, or what the file says that `{key}File` names; with the key that gave it.</summary>
    private static (string Key, string Text)? Read(SettingsReader reader, string key)
    {
        var fileKey = key + "File";
        var text = reader.Text(key);
        var path = reader.Text(fileKey);
        if (text is not null && path is not null)
        {
            reader.Fault(fileKey, $"and {key} are both given: give one of them.");
        }

        if (path is null || text is not null)
        {
            return text is null ? null : (key, text);
        }

        try
        {
            using var file = File.OpenText(path);
            var buffer = new char[FileBytesMax];
            return (fileKey, new string(buffer, 0, file.ReadBlock(buffer)).Trim());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reader.Fault(fileKey, $"cannot be read: {exception.Message}");
            return null;
        }
    }
}
