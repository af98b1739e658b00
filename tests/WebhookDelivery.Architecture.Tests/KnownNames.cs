using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>
/// Names which a page may use: types and members of the product, of the packages beside it and of
/// the shared frameworks; projects, packages; types of the tests, by their file.
/// </summary>
internal static class KnownNames
{
    private static readonly HashSet<string> s_titles = Titles();

    private static readonly ILookup<string, TypeEntry> s_types = Types()
        .ToLookup(type => type.FullName.Split('.')[^1], StringComparer.Ordinal);

    /// <summary>Whether this is a type, or a type and its member, or a project or package.</summary>
    /// <param name="dotted">Without type arguments: `List.Add`, `WebhookDelivery.Core`.</param>
    public static bool Contains(string dotted)
    {
        if (s_titles.Contains(dotted) || TypesNamed(dotted).Any())
        {
            return true;
        }

        var dot = dotted.LastIndexOf('.');
        return dot > 0
            && TypesNamed(dotted[..dot]).Any(type => type.Members.Contains(dotted[(dot + 1)..]));
    }

    private static IEnumerable<TypeEntry> TypesNamed(string dotted) =>
        s_types[dotted.Split('.')[^1]]
            .Where(type =>
                type.FullName == dotted
                || type.FullName.EndsWith("." + dotted, StringComparison.Ordinal)
            );

    private static HashSet<string> Titles()
    {
        var projects = Repository.ProjectFiles.Select(path =>
            Path.GetFileNameWithoutExtension(path)
        );
        var packages = XDocument
            .Parse(Repository.Read("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(package => (string)package.Attribute("Include")!);
        var testTypes = Repository
            .Files.Where(path => path.StartsWith("tests/", StringComparison.Ordinal))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path));
        // A project goes by its last words too: `Architecture.Tests`, `Core`.
        return projects
            .SelectMany(Endings)
            .Concat(packages)
            .Concat(testTypes)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Endings(string dotted)
    {
        var words = dotted.Split('.');
        return words.Select((_, skip) => string.Join('.', words[skip..]));
    }

    private static IEnumerable<TypeEntry> Types() =>
        new[] { AppContext.BaseDirectory, Frameworks.BaseFolder, Frameworks.AspNetFolder }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.dll"))
            .Where(file =>
                Path.GetFileName(file) != typeof(KnownNames).Assembly.GetName().Name + ".dll"
            )
            .SelectMany(TypesOf);

    private static List<TypeEntry> TypesOf(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata)
        {
            return [];
        }

        var metadata = image.GetMetadataReader();
        var types = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition);
        if (!Path.GetFileName(file).StartsWith("WebhookDelivery.", StringComparison.Ordinal))
        {
            // What others keep internal would only let a wrong name of ours pass for theirs.
            types = types.Where(IsPublic);
        }

        return
        [
            .. types.Select(type => new TypeEntry(
                FullName(metadata, type),
                Members(metadata, type)
            )),
        ];
    }

    private static bool IsPublic(TypeDefinition type) =>
        (type.Attributes & TypeAttributes.VisibilityMask)
            is TypeAttributes.Public
                or TypeAttributes.NestedPublic;

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        var name = metadata.GetString(type.Name).Split('`')[0];
        if (type.GetDeclaringType() is { IsNil: false } outer)
        {
            return FullName(metadata, metadata.GetTypeDefinition(outer)) + "." + name;
        }

        return type.Namespace.IsNil ? name : metadata.GetString(type.Namespace) + "." + name;
    }

    private static HashSet<string> Members(MetadataReader metadata, TypeDefinition type) =>
        type.GetMethods()
            .Select(method => metadata.GetMethodDefinition(method).Name)
            .Concat(type.GetFields().Select(field => metadata.GetFieldDefinition(field).Name))
            .Concat(type.GetProperties().Select(p => metadata.GetPropertyDefinition(p).Name))
            .Concat(type.GetEvents().Select(e => metadata.GetEventDefinition(e).Name))
            .Select(metadata.GetString)
            .ToHashSet(StringComparer.Ordinal);

    private sealed record TypeEntry(string FullName, IReadOnlySet<string> Members);
}
