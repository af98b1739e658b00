using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace WebhookDelivery.Architecture.Tests;

public sealed partial class BuildTests
{
    private static readonly XName[] s_versionNames = ["Version", "VersionOverride"];

    [Fact]
    public void PackageVersions_AreCentral() =>
        Law.Holds(
            from path in Repository.BuildFiles
            from reference in XDocument.Parse(Repository.Read(path)).Descendants("PackageReference")
            where
                s_versionNames.Any(name =>
                    reference.Attribute(name) is not null || reference.Element(name) is not null
                )
            select $"{path}: {(string?)reference.Attribute("Include")}",
            "Versions stand in Directory.Packages.props only: two projects on two versions of one "
                + "package fail at run time, not at build time."
        );

    [Fact]
    public void PublicTypes_OfTheProduct_MustBeDocumented() =>
        Law.Holds(
            (
                from path in Repository.Files
                where path.StartsWith("src/", StringComparison.Ordinal) || !path.Contains('/')
                where Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".targets"
                from line in Repository.Read(path).Split('\n')
                where SilencesDocs(line)
                select $"{path}: {line.Trim()}"
            ).Concat(
                from line in ProductLines(Repository.Read(".editorconfig"))
                where line.Contains("1591", StringComparison.Ordinal)
                select $".editorconfig: {line.Trim()}"
            ),
            "The compiler demands docs on every public member of src (CS1591): silenced once, it is "
                + "silent for whatever comes after."
        );

    [Fact]
    public void Product_IsBuiltWithItsDocumentation() =>
        Law.Holds(
            from project in ProductProject.Own
            let file = project.Assembly.GetName().Name + ".xml"
            where !File.Exists(Path.Combine(AppContext.BaseDirectory, file))
            select $"{project.Name} leaves no {file}",
            "Without its documentation file a project is not asked for docs at all."
        );

    [Theory]
    [InlineData("<NoWarn>$(NoWarn);CS1591</NoWarn>", true)]
    [InlineData("<NoWarn>1591;1573</NoWarn>", true)]
    [InlineData("#pragma warning disable CS1591", true)]
    [InlineData("<GenerateDocumentationFile>false</GenerateDocumentationFile>", true)]
    [InlineData("<GenerateDocumentationFile>true</GenerateDocumentationFile>", false)]
    [InlineData("private const int Port = 15910;", false)]
    public void SilencesDocs_OfALine_IsSeen(string line, bool seen) =>
        Assert.Equal(seen, SilencesDocs(line));

    [Fact]
    public void ProductLines_OfAnEditorConfig_LeaveTestsOut() =>
        Assert.Equal(
            ["[*]", "a", "[*.cs]", "b"],
            ProductLines("[*]\na\n[tests/**.cs]\nx\n[*.cs]\nb")
        );

    private static bool SilencesDocs(string line) => SilencedDocs().IsMatch(line);

    private static IEnumerable<string> ProductLines(string editorConfig)
    {
        var ofTests = false;
        foreach (var line in editorConfig.Split('\n'))
        {
            if (line.StartsWith('['))
            {
                ofTests = line.StartsWith("[tests/", StringComparison.Ordinal);
            }

            if (!ofTests)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(
        @"\b(CS)?1591\b|<GenerateDocumentationFile>\s*false",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex SilencedDocs();
}
