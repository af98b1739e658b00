namespace WebhookDelivery.Cdk.Tests;

/// <summary><c>scripts/aws-local.sh</c> where it cannot go on.</summary>
public sealed class AwsLocalScriptTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exit 1")]
    [InlineData("exec >&-; sleep 0.2; exit 1")]
    public async Task Emulators_ThatDieAtOnce_AreSaidToHaveNotStarted(string node)
    {
        _folder.Add("node", node);
        _folder.Add("npm", "");
        _folder.Add("dotnet", "echo started");

        var (code, output, errors) = await _folder.RunAsync("aws-local.sh", []);

        Assert.Equal(1, code);
        Assert.Equal(
            "aws-local.sh: the emulators did not start; are their ports in use?\n",
            errors
        );
        Assert.Empty(output);
    }
}
