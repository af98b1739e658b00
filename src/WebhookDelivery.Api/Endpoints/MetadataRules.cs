using FluentValidation;
using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>What a tenant may note of an endpoint.</summary>
internal static class MetadataRules
{
    private const string NameFault = "A member's name has 1 to 40 characters.";

    public static void Check(
        IReadOnlyList<KeyValuePair<string, string>>? members,
        ValidationContext<EndpointFields> context
    )
    {
        if (members is null)
        {
            return;
        }

        if (members.Count > EndpointMetadata.MembersMax)
        {
            context.AddFailure(
                "metadata",
                $"May have at most {EndpointMetadata.MembersMax} members."
            );
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < members.Count; i++)
        {
            var (name, value) = members[i];
            if (name.Length is 0 or > EndpointMetadata.NameLengthMax)
            {
                // A name that is too long is better counted than repeated.
                context.AddFailure($"metadata[{i}]", NameFault);
            }
            else if (!names.Add(name))
            {
                context.AddFailure($"metadata.{name}", "Is given more than once.");
            }
            else if (value.Length > EndpointMetadata.ValueLengthMax)
            {
                context.AddFailure(
                    $"metadata.{name}",
                    $"May have at most {EndpointMetadata.ValueLengthMax} characters."
                );
            }
        }
    }
}
