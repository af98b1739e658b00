using System.Reflection;
using System.Xml.Linq;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>A project under src: what its file declares, and the assembly it became.</summary>
internal sealed record ProductProject(string Path)
{
    private const string Prefix = "WebhookDelivery.";

    private readonly XDocument _document = XDocument.Parse(Repository.Read(Path));

    public static IReadOnlyList<ProductProject> All { get; } =
    [
        .. Repository
            .ProjectFiles.Where(path => path.StartsWith("src/", StringComparison.Ordinal))
            .Select(path => new ProductProject(path)),
    ];

    /// <summary>The projects whose assemblies hold our own types.</summary>
    public static IEnumerable<ProductProject> Own => All.Where(p => p.Layer != Layer.StandIn);

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <remarks>A new project is given its layer here, which is the moment to think about it.</remarks>
    public Layer Layer =>
        Path.StartsWith("src/AwsStandIns/", StringComparison.Ordinal)
            ? Layer.StandIn
            : Name switch
            {
                Prefix + "Signatures" => Layer.Signatures,
                Prefix + "Core" => Layer.Core,
                Prefix + "Sqlite" or Prefix + "Aws" or Prefix + "Http" or Prefix + "Api" =>
                    Layer.Adapter,
                Prefix + "Receiver" => Layer.Receiver,
                Prefix + "Hosting" => Layer.Hosting,
                Prefix + "Server" or Prefix + "Lambda" => Layer.Host,
                _ => throw new InvalidOperationException(
                    $"{Path} has no layer. Every project of src stands in one, so that it is clear "
                        + "what it may reference: give it one in ProductProject.Layer."
                ),
            };

    public Assembly Assembly => Assembly.Load(new AssemblyName(Name));

    /// <summary>Names of the projects that this one references.</summary>
    public IEnumerable<string> ProjectReferences =>
        Items("ProjectReference")
            .Select(include =>
                System.IO.Path.GetFileNameWithoutExtension(include.Split('/', '\\')[^1])
            );

    /// <summary>The packages it hands on; analyzers (PrivateAssets="all") do not count.</summary>
    public IEnumerable<string> PackageReferences => Items("PackageReference");

    public IEnumerable<string> FrameworkReferences => Items("FrameworkReference");

    public bool IsWeb => (string?)_document.Root!.Attribute("Sdk") == "Microsoft.NET.Sdk.Web";

    private IEnumerable<string> Items(string kind) =>
        _document
            .Descendants(kind)
            .Where(item => (string?)item.Attribute("PrivateAssets") != "all")
            .Select(item => (string)item.Attribute("Include")!);
}
