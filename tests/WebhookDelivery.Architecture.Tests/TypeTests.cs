using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace WebhookDelivery.Architecture.Tests;

public sealed class TypeTests
{
    private static readonly string[] s_vagueEndings =
    [
        "Helper",
        "Helpers",
        "Manager",
        "Util",
        "Utils",
        "Base",
        "Common",
    ];

    private static IEnumerable<Type> Types =>
        ProductProject
            .Own.SelectMany(project => project.Assembly.GetTypes())
            .Where(type => type.Name != "Program" && !IsGenerated(type));

    [Fact]
    public void Types_AreNamedForWhatTheyDo() =>
        Law.Holds(
            from type in Types
            from ending in s_vagueEndings
            where type.Name.Split('`')[0].EndsWith(ending, StringComparison.Ordinal)
            select $"{type} ends in {ending}",
            "A name which fits anything collects everything: say what the type does."
        );

    [Fact]
    public void PublicClasses_AreSealedStaticOrAbstract() =>
        Law.Holds(
            from type in Types
            where type is { IsClass: true, IsVisible: true, IsSealed: false, IsAbstract: false }
            select $"{type} can be derived from",
            "A class that nobody designed for inheritance is broken by every change once somebody "
                + "has derived from it: seal it, or make it abstract on purpose."
        );

    private static bool IsGenerated(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
        || (type.DeclaringType is { } outer && IsGenerated(outer))
        || IsEmbedded(type);

    // The compiler and its generators embed types of their own under these roots.
    private static bool IsEmbedded(Type type) =>
        type is { IsPublic: false, IsNested: false, Namespace: { } space }
        && (
            space.StartsWith("System.", StringComparison.Ordinal)
            || space.StartsWith("Microsoft.", StringComparison.Ordinal)
        );
}
