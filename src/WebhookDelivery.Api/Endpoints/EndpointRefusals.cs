using WebhookDelivery.Core;

namespace WebhookDelivery.Api;

/// <summary>Why a change to an endpoint was not made, as answers.</summary>
internal static class EndpointRefusals
{
    public static Problem Of(EndpointResult result) =>
        result switch
        {
            EndpointResult.ExternalIdInUse => new Problem(
                ErrorCodes.ExternalIdInUse,
                "Another endpoint has this external_id. Change that one, or delete it first."
            ),
            EndpointResult.LimitReached limit => new Problem(
                ErrorCodes.EndpointLimitReached,
                $"A tenant may have {limit.EndpointsMax} endpoints. Delete one first."
            ),
            EndpointResult.TooManyDeleted limit => new Problem(
                ErrorCodes.EndpointLimitReached,
                $"A tenant may delete {limit.DeletedMax} endpoints within {limit.Within.TotalDays:0} days, and has. Change one that is there instead, or ask the operator."
            ),
            EndpointResult.TooManySecrets limit => new Problem(
                ErrorCodes.SecretLimitReached,
                $"An endpoint may have {limit.SecretsMax} live secrets. Wait until one expires, or rotate with overlap_seconds 0."
            ),
            _ => Problems.NoEndpoint,
        };
}
