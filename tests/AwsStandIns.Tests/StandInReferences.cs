using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AwsStandIns.Tests;

/// <summary>What an assembly uses of the stand-ins, as its metadata says.</summary>
internal static class StandInReferences
{
    /// <summary>The members used; none for an assembly that references no stand-in, or is none.</summary>
    public static IReadOnlyList<(string Assembly, string Type, string Member)> Of(string file)
    {
        using var stream = File.OpenRead(file);
        using var image = new PEReader(stream);
        if (!image.HasMetadata)
        {
            return [];
        }

        var metadata = image.GetMetadataReader();
        return
        [
            .. metadata
                .MemberReferences.Select(handle => metadata.GetMemberReference(handle))
                .Select(member => (Type: TypeOf(metadata, member.Parent), member))
                .Where(use => use.Type is not null)
                .Select(use =>
                    (
                        Path.GetFileNameWithoutExtension(file),
                        use.Type!,
                        MemberOf(metadata.GetString(use.member.Name))
                    )
                ),
        ];
    }

    /// <summary>Takes a line of the README apart; every constructor counts as `new`.</summary>
    public static (string Type, IReadOnlySet<string> Members) Parse(string line)
    {
        var parts = line.Split(": ", 2);
        var members = parts.Length == 1 ? [] : parts[1].Split(", ");
        return (
            parts[0],
            members.Select(member => member.Split('(')[0]).ToHashSet(StringComparer.Ordinal)
        );
    }

    private static string MemberOf(string name) =>
        name switch
        {
            ".ctor" => "new",
            _ when name.StartsWith("get_", StringComparison.Ordinal) => name[4..],
            _ when name.StartsWith("set_", StringComparison.Ordinal) => name[4..],
            _ => name,
        };

    private static string? TypeOf(MetadataReader metadata, EntityHandle parent)
    {
        switch (parent.Kind)
        {
            case HandleKind.TypeReference:
                return NameOf(metadata, metadata.GetTypeReference((TypeReferenceHandle)parent));
            case HandleKind.TypeSpecification:
                // A generic type made concrete: the handle after its first two bytes is the type's.
                var blob = metadata.GetBlobReader(
                    metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature
                );
                if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                {
                    return null;
                }

                blob.ReadSignatureTypeCode();
                return TypeOf(metadata, blob.ReadTypeHandle());
            default:
                return null;
        }
    }

    private static string? NameOf(MetadataReader metadata, TypeReference type)
    {
        var name = metadata.GetString(type.Name).Split('`')[0];
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                var outer = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
                return NameOf(metadata, outer) is { } outerName ? $"{outerName}.{name}" : null;
            case HandleKind.AssemblyReference:
                var assembly = metadata.GetAssemblyReference(
                    (AssemblyReferenceHandle)type.ResolutionScope
                );
                return metadata
                    .GetString(assembly.Name)
                    .StartsWith("AwsStandIns.", StringComparison.Ordinal)
                    ? $"{metadata.GetString(type.Namespace)}.{name}"
                    : null;
            default:
                return null;
        }
    }
}
