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
        var keys = MasterKeyFile.ReadOrCreate(_directory.Path);
        Assert.Empty(keys.Previous);
        Assert.Contains(keys.Current.ToArray(), each => each != 0);
        Assert.Equal(keys.Format(), MasterKeyFile.ReadOrCreate(_directory.Path).Format());
        Assert.Equal(keys.Format(), File.ReadAllText(KeyPath));
    }

    [Fact]
    public async Task ReadOrCreate_AtTheSameTime_AgreesOnOneKey()
    {
        var keys = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Task.Run(() => MasterKeyFile.ReadOrCreate(_directory.Path)))
        );
        Assert.Single(keys.Select(each => each.Format()).Distinct());
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Replace_TheKeys_KeepsTheModeAndLeavesNothingElse()
    {
        var keys = MasterKeyFile.ReadOrCreate(_directory.Path).Renew();
        MasterKeyFile.Replace(_directory.Path, keys);
        Assert.Equal(keys.Format(), MasterKeyFile.ReadOrCreate(_directory.Path).Format());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal([KeyPath], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void ReadOrCreate_BesideWhatACrashLeft_RemovesIt()
    {
        var keys = MasterKeyFile.ReadOrCreate(_directory.Path);
        File.WriteAllText(KeyPath + ".draft", "half a ke");
        Assert.Equal(keys.Format(), MasterKeyFile.ReadOrCreate(_directory.Path).Format());
        Assert.Equal([KeyPath], Directory.GetFiles(_directory.Path));
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
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAAAA")]
    [InlineData("not base64 at all")]
    public void ReadOrCreate_AFileThatIsNoKey_IsRefusedAndKept(string text)
    {
        MasterKeyFile.ReadOrCreate(_directory.Path);
        File.WriteAllText(KeyPath, text);
        Assert.Throws<InvalidOperationException>(() => MasterKeyFile.ReadOrCreate(_directory.Path));
        Assert.Equal(text, File.ReadAllText(KeyPath));
    }
}
