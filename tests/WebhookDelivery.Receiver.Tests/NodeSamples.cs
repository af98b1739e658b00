using System.Diagnostics;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>
/// The TypeScript samples, compiled in a folder beside which the emulators' packages are found.
/// </summary>
public sealed class NodeSamples : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("webhook-samples-");

    public NodeSamples()
    {
        var packages = Path.Combine(NpmVerifier.EmulatorsDirectory, "node_modules");
        var compiler = Path.Combine(packages, "typescript", "bin", "tsc");
        if (!File.Exists(compiler))
        {
            throw new InvalidOperationException(
                "tests/emulators/node_modules is missing: run scripts/test.sh, which installs it."
            );
        }

        foreach (var file in Directory.GetFiles(Repository.File("docs/samples/node")))
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "node_modules"), packages);
        using var tsc = Process.Start(
            new ProcessStartInfo("node", [compiler, "-p", _folder.FullName])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = tsc.StandardOutput.ReadToEnd();
        tsc.WaitForExit();
        Assert.True(tsc.ExitCode == 0, output);
    }

    public string Compiled(string name) => Path.Combine(_folder.FullName, $"{name}.js");

    public void Dispose() => _folder.Delete(recursive: true);
}
