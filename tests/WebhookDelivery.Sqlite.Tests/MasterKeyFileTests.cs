using System.Runtime.Versioning;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Sqlite.Tests;

public sealed class MasterKeyFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string KeyPath => Path.Combine(_directory.Path, MasterKeyFile.FileName);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ReadOrCreate_Repeated_GivesTheSameKey()
    {
        var key = MasterKeyFile.ReadOrCreate(_directory.Path);
        Assert.Equal(MasterKeyFile.KeyBytes, key.Length);
        Assert.Contains(key, each => each != 0);
        Assert.Equal(key, MasterKeyFile.ReadOrCreate(_directory.Path));
        Assert.Equal(Convert.ToBase64String(key), File.ReadAllText(KeyPath).Trim());
    }

    [Fact]
    public async Task ReadOrCreate_AtTheSameTime_AgreesOnOneKey()
    {
        var keys = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Task.Run(() => MasterKeyFile.ReadOrCreate(_directory.Path)))
        );
        Assert.Single(keys.Select(Convert.ToHexString).Distinct());
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void ReadOrCreate_ANewFile_IsItsOwnersAlone()
    {
        MasterKeyFile.ReadOrCreate(_directory.Path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    [UnsupportedOSPlatform("windows")]
    public void ReadOrCreate_AFileOpenToOthers_IsRefused(UnixFileMode mode)
    {
        MasterKeyFile.ReadOrCreate(_directory.Path);
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
        var exception = Assert.Throws<InvalidOperationException>(() =>
            MasterKeyFile.ReadOrCreate(_directory.Path)
        );
        Assert.Contains("chmod 600", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all")]
    public void ReadOrCreate_AFileThatIsNoKey_IsRefusedAndKept(string text)
    {
        MasterKeyFile.ReadOrCreate(_directory.Path);
        File.WriteAllText(KeyPath, text);
        Assert.Throws<InvalidOperationException>(() => MasterKeyFile.ReadOrCreate(_directory.Path));
        Assert.Equal(text, File.ReadAllText(KeyPath));
    }
}
