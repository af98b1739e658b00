using WebhookDelivery.Testing;

namespace WebhookDelivery.Cdk.Tests;

/// <summary>
/// A folder of its own with the repository's scripts, and before everything else on the path the
/// commands that a test puts there; among them an <c>aws</c> that writes down what it is asked.
/// </summary>
internal sealed class ScriptFolder : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public ScriptFolder()
    {
        var source = System.IO.Path.Combine(Shell.Root, "scripts");
        foreach (var file in Directory.GetFiles(source, "*.sh", SearchOption.AllDirectories))
        {
            var copy = Path("scripts", System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.CreateDirectory(Path("commands"));
    }

    public void Dispose() => _root.Dispose();

    /// <summary>A path in it.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([_root.Path, .. parts]);

    /// <summary>Adds a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="body">What it does, in bash.</param>
    public void Add(string name, string body) => StubCommand.Add(Path("commands"), name, body);

    /// <summary>Adds <c>aws</c>; the first branch that matches all its arguments answers.</summary>
    /// <param name="branches">Branches of a <c>case</c> in bash.</param>
    public void AddAws(params string[] branches) =>
        Add(
            "aws",
            $$"""
            fails() {
              echo "An error occurred ($1) when calling it: ${2:-it is not there}" >&2
              exit 254
            }
            echo "$*" >>"$AWS_CALLS"
            case "$*" in
            {{string.Join('\n', branches)}}
            esac
            """
        );

    /// <summary>What <c>aws</c> was asked so far.</summary>
    public IReadOnlyList<string> Calls =>
        File.Exists(Path("calls")) ? File.ReadAllLines(Path("calls")) : [];

    /// <summary>Runs a script of it.</summary>
    public Task<(int Code, string Output, string Errors)> RunAsync(
        string script,
        string[] arguments,
        string input = ""
    ) =>
        Shell.RunAsync(
            Path("scripts", script),
            arguments,
            new(StringComparer.Ordinal)
            {
                ["AWS_CALLS"] = Path("calls"),
                ["AWS_REGION"] = "eu-west-1",
                ["HOME"] = _root.Path,
                ["PATH"] = $"{Path("commands")}:{Environment.GetEnvironmentVariable("PATH")}",
            },
            input
        );
}
