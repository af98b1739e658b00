using System.Diagnostics;
using System.Reflection;
using WebhookDelivery.Testing;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>
/// Core compiled again with every <see cref="Mutation"/> in its source, each behind a switch, and the
/// simulation running on that instead of the real one.
/// </summary>
internal sealed class BrokenCore
{
    private const string Switch = """
        namespace WebhookDelivery.Core
        {
            public static class Broken
            {
                public static string? Name;

                public static bool Is(string name) => Name == name;
            }
        }
        """;

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly FieldInfo _name;
    private readonly Func<int, bool, (ulong, IReadOnlyList<string>, IReadOnlyList<string>)> _run;

    private BrokenCore(byte[] assembly)
    {
        var context = new BrokenCoreContext(assembly);
        _name = context.Core.GetType("WebhookDelivery.Core.Broken")!.GetField("Name")!;
        _run = context
            .Simulation.GetType(typeof(Simulation).FullName!)!
            .GetMethod(nameof(Simulation.Run))!
            .CreateDelegate<
                Func<int, bool, (ulong, IReadOnlyList<string>, IReadOnlyList<string>)>
            >();
    }

    /// <summary>Compiles it, in some seconds.</summary>
    public static async Task<BrokenCore> CompileAsync()
    {
        using var folder = new TemporaryDirectory();
        var output = Path.Combine(folder.Path, "WebhookDelivery.Core.dll");
        var response = Path.Combine(folder.Path, "core.rsp");
        await File.WriteAllLinesAsync(
            response,
            [
                "-target:library",
                "-nologo",
                "-noconfig",
                "-nostdlib",
                "-langversion:latest",
                "-nullable:enable",
                "-optimize",
                "-nowarn:CS1591,CS1701,CS1702",
                $"-out:\"{output}\"",
                .. References().Select(each => $"-reference:\"{each}\""),
                .. Generators().Select(each => $"-analyzer:\"{each}\""),
                .. (await WriteSourcesAsync(folder.Path)).Select(each => $"\"{each}\""),
            ]
        );
        var compiler = Directory
            .EnumerateDirectories(Path.Combine(DotnetRoot(), "sdk"), "10.*")
            .Select(each => Path.Combine(each, "Roslyn", "bincore", "csc.dll"))
            .Last(File.Exists);
        using var process = Process.Start(
            new ProcessStartInfo(
                Path.Combine(DotnetRoot(), "dotnet"),
                ["exec", compiler, $"@{response}"]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? new BrokenCore(await File.ReadAllBytesAsync(output))
            : throw new InvalidOperationException($"The broken Core does not compile:\n{said}");
    }

    /// <summary>Runs a seed with one fault on, or with none.</summary>
    public (ulong Hash, IReadOnlyList<string> Violations, IReadOnlyList<string> Lines) Run(
        string? mutation,
        int seed,
        bool inWords = false
    )
    {
        _name.SetValue(null, mutation);
        return _run(seed, inWords);
    }

    private static async Task<List<string>> WriteSourcesAsync(string folder)
    {
        var core = CoreFolder();
        var sources = new List<string>();
        foreach (var file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(core, file);
            if (name.Split(Path.DirectorySeparatorChar)[0] is "obj" or "bin")
            {
                continue;
            }

            var faults = Mutation.All.Where(each => each.File == name).ToList();
            if (faults.Count == 0)
            {
                sources.Add(file);
                continue;
            }

            var text = await File.ReadAllTextAsync(file);
            faults.ForEach(each => text = each.Apply(text));
            sources.Add(Path.Combine(folder, $"{sources.Count}.cs"));
            await File.WriteAllTextAsync(sources[^1], text);
        }

        sources.Add(Path.Combine(folder, "broken.cs"));
        await File.WriteAllTextAsync(sources[^1], ImplicitUsings + "\n" + Switch);
        return sources;
    }

    /// <summary>What this process runs on, less Core.</summary>
    private static IEnumerable<string> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(each =>
                Path.GetFileName(each) == "WebhookDelivery.Signatures.dll"
                || (
                    each.StartsWith(DotnetRoot(), StringComparison.Ordinal)
                    && Path.GetExtension(each) == ".dll"
                )
                || Path.GetFileName(each)
                    .StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
            );

    private static IEnumerable<string> Generators() =>
        new[] { "Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref" }
            .Select(each => Path.Combine(DotnetRoot(), "packs", each))
            .SelectMany(each =>
                Directory
                    .EnumerateFiles(
                        Directory.EnumerateDirectories(each, "10.*").Last(),
                        "*.Generator*.dll",
                        SearchOption.AllDirectories
                    )
                    .Concat(
                        Directory.EnumerateFiles(
                            Directory.EnumerateDirectories(each, "10.*").Last(),
                            "*.SourceGeneration.dll",
                            SearchOption.AllDirectories
                        )
                    )
            )
            .Where(each =>
                Path.GetFileName(each)
                    is "Microsoft.Extensions.Logging.Generators.dll"
                        or "System.Text.Json.SourceGeneration.dll"
            );

    private static string DotnetRoot() =>
        Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "../../../.."));

    private static string CoreFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WebhookDelivery.sln")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException("The tests are not in their repository.");
        }

        return Path.Combine(folder.FullName, "src", "WebhookDelivery.Core");
    }
}
