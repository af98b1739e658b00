using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace WebhookDelivery.Api;

/// <summary>Maps /v1/signature.</summary>
internal static class SignatureRouting
{
    public static void Map(IEndpointRouteBuilder routes, Gate gate, IServiceProvider services)
    {
        var verification = services.GetRequiredService<SignatureVerification>();
        routes
            .MapPost("/v1/signature/verify", gate.ForTenant(verification.VerifyAsync))
            .Describe(
                new RouteDoc
                {
                    Id = "verifySignature",
                    Tag = "Signatures",
                    Summary = "Says what is wrong with a webhook that a receiver could not verify.",
                    Description =
                        "Give the headers and the raw body as the receiver got them. The answer tells every fault, the most useful first, and holds nothing of a secret, a signature or a payload.",
                    Audience = Audience.Tenant,
                    Body = typeof(VerifySignatureRequest),
                    Answer = typeof(DiagnosisBody),
                    Errors = [ErrorCodes.NotFound],
                }
            );
    }
}
