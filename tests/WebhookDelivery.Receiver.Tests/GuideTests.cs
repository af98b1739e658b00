using System.Text.RegularExpressions;

namespace WebhookDelivery.Receiver.Tests;

/// <summary>The guide shows the samples that are tested, to the letter.</summary>
public sealed partial class GuideTests
{
    private static readonly string Guide = File.ReadAllText(
        Repository.File("docs/receiver-guide.md")
    );

    [Fact]
    public void Guide_EverySampleBlock_IsItsFile()
    {
        var blocks = SampleBlock().Matches(Guide);

        Assert.NotEmpty(blocks);
        Assert.All(
            blocks,
            block =>
                Assert.Equal(
                    File.ReadAllText(Repository.File($"docs/{block.Groups["file"].Value}")),
                    block.Groups["code"].Value
                )
        );
    }

    [Fact]
    public void Guide_EveryProgramShown_IsASampleAndEverySampleIsShown()
    {
        var shown = SampleBlock().Matches(Guide).Select(b => b.Groups["file"].Value).Order();
        var folder = Repository.File("docs/samples");
        var samples = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".ts" or ".py")
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/"))
            .Select(file => $"samples/{file}")
            .Order();

        Assert.Equal(samples, shown);
        Assert.Equal(SampleBlock().Count(Guide), ProgramFence().Count(Guide));
    }

    [GeneratedRegex(
        @"^<!-- sample: (?<file>\S+) -->\n```\w+\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex SampleBlock();

    [GeneratedRegex(
        "^```(?:csharp|typescript|python)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ProgramFence();
}
