using System.Reflection;

namespace AwsStandIns.Tests;

/// <summary>
/// The public members of a stand-in as its README lists them: a line per type,
/// `Namespace.Type: Member, Member, new(Type, Type)`, in the order of the alphabet.
/// </summary>
internal static class PublicMembers
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic;

    /// <summary>The lines for an assembly.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [
            .. assembly
                .GetExportedTypes()
                .Select(type => $"{NameOf(type)}: {string.Join(", ", Of(type))}".TrimEnd(':', ' '))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A type's name with its namespace; `Outer.Inner` where it is nested, no arity.</summary>
    public static string NameOf(Type type) => type.FullName!.Replace('+', '.').Split('`')[0];

    private static IEnumerable<string> Of(Type type) =>
        type.GetMembers(Declared)
            .Where(IsListed)
            .Select(member =>
                member is ConstructorInfo made ? $"new({TypesOf(made)})" : member.Name
            )
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private static bool IsListed(MemberInfo member) =>
        member switch
        {
            ConstructorInfo made => IsVisible(made) && !made.IsStatic,
            MethodInfo method => IsVisible(method)
                && (
                    !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)
                )
                && !IsOverride(method),
            PropertyInfo property => property.GetAccessors(true).Any(IsVisible)
                && !property.GetAccessors(true).Any(IsOverride),
            FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
            EventInfo raised => IsVisible(raised.AddMethod!),
            _ => false,
        };

    // A protected member can be reached by whoever derives.
    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // The base class has promised it already.
    private static bool IsOverride(MethodInfo method) =>
        method.GetBaseDefinition().DeclaringType != method.DeclaringType;

    private static string TypesOf(ConstructorInfo made) =>
        string.Join(", ", made.GetParameters().Select(parameter => parameter.ParameterType.Name));
}
