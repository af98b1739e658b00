using System.Reflection;
using System.Text.RegularExpressions;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>
/// Hosts → adapters → Core → Signatures. Each law is read twice: from the project files, for what
/// is declared, and from the assemblies, for what has arrived by way of another reference.
/// </summary>
public sealed partial class DependencyTests
{
    private const string Signatures = "WebhookDelivery.Signatures";
    private const string Core = "WebhookDelivery.Core";

    private static readonly HashSet<string> s_productNames = ProductProject
        .All.Select(p => p.Name)
        .ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Signatures_ReferenceTheBaseLibraryOnly() =>
        Law.Holds(
            Foreign(Layer.Signatures, projects: _ => false, _ => false, Frameworks.IsBase),
            "Integrators take Signatures alone: whatever it references, they would have to take too."
        );

    [Fact]
    public void Core_ReferencesTheBaseLibrarySignaturesAndAbstractionsOnly() =>
        Law.Holds(
            Foreign(
                Layer.Core,
                projects: name => name == Signatures,
                packages: name => Abstractions().IsMatch(name),
                assemblies: name => Frameworks.IsBase(name) || Abstractions().IsMatch(name.Name!)
            ),
            "Core decides the same on every engine: a store, a cloud or a web server seen from here "
                + "would end that, and a simulation could not run it."
        );

    [Fact]
    public void Receiver_ReferencesSignaturesAndAspNetCoreOnly() =>
        Law.Holds(
            Foreign(
                Layer.Receiver,
                projects: name => name == Signatures,
                packages: _ => false,
                assemblies: name => Frameworks.IsBase(name) || Frameworks.IsAspNet(name),
                frameworks: name => name == "Microsoft.AspNetCore.App"
            ),
            "The receiver runs in other people's services: it brings signatures, and nothing of the "
                + "platform or of its packages."
        );

    [Fact]
    public void Adapters_ReferenceNoOtherAdapterNorHost() =>
        Law.Holds(
            from project in In(Layer.Adapter)
            from name in OwnReferences(project)
            where name is not (Core or Signatures) && LayerOf(name) != Layer.StandIn
            select $"{project.Name} references {name}",
            "Adapters meet in Core's ports only: one that knows another can no longer be replaced, "
                + "and the two engines would grow into one."
        );

    [Fact]
    public void Hosting_IsReferencedByHostsOnly() =>
        Law.Holds(
            from project in ProductProject.All
            where project.Layer is not (Layer.Host or Layer.Hosting)
            from name in OwnReferences(project)
            where LayerOf(name) == Layer.Hosting
            select $"{project.Name} references {name}",
            "Hosting is what hosts share in composing: it knows every adapter, so whoever knew it "
                + "would know them all."
        );

    [Fact]
    public void Hosts_AreReferencedByNoProduct() =>
        Law.Holds(
            from project in ProductProject.All
            from name in OwnReferences(project)
            where LayerOf(name) == Layer.Host
            select $"{project.Name} references {name}",
            "A host composes and does nothing else: what others need from it belongs below it."
        );

    [Fact]
    public void StandIns_KnowNothingOfTheProduct() =>
        Law.Holds(
            from project in In(Layer.StandIn)
            from name in project.ProjectReferences
            where s_productNames.Contains(name) && LayerOf(name) != Layer.StandIn
            select $"{project.Name} references {name}",
            "A stand-in gives way to the official package by one switch: it may know no more of us "
                + "than that package does."
        );

    [Fact]
    public void Product_ReferencesProductOnly() =>
        Law.Holds(
            from project in ProductProject.All
            from name in project.ProjectReferences
            where !s_productNames.Contains(name)
            select $"{project.Name} references {name}",
            "Doubles and stubs stay out of what is shipped: src references src only."
        );

    private static IEnumerable<string> Foreign(
        Layer layer,
        Func<string, bool> projects,
        Func<string, bool> packages,
        Func<AssemblyName, bool> assemblies,
        Func<string, bool>? frameworks = null
    ) =>
        In(layer)
            .SelectMany(project =>
                project
                    .ProjectReferences.Where(name => !projects(name))
                    .Concat(project.PackageReferences.Where(name => !packages(name)))
                    .Concat(
                        project.FrameworkReferences.Where(name => frameworks?.Invoke(name) != true)
                    )
                    .Concat(project.IsWeb ? ["Microsoft.NET.Sdk.Web"] : [])
                    .Concat(
                        project
                            .Assembly.GetReferencedAssemblies()
                            .Where(name => !projects(name.Name!) && !assemblies(name))
                            .Select(name => name.Name!)
                    )
                    .Select(name => $"{project.Name} references {name}")
            );

    private static IEnumerable<string> OwnReferences(ProductProject project) =>
        project.Layer == Layer.StandIn
            ? project.ProjectReferences
            : project
                .Assembly.GetReferencedAssemblies()
                .Select(name => name.Name!)
                .Where(s_productNames.Contains)
                .Concat(project.ProjectReferences);

    private static IEnumerable<ProductProject> In(Layer layer) =>
        ProductProject.All.Where(project => project.Layer == layer);

    private static Layer? LayerOf(string name) =>
        ProductProject.All.SingleOrDefault(project => project.Name == name)?.Layer;

    [GeneratedRegex(@"^Microsoft\.Extensions\.(\w+\.)+Abstractions$")]
    private static partial Regex Abstractions();
}
