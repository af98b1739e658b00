namespace WebhookReceiver;

/// <summary>Diverts deliveries while no secret is known.</summary>
internal sealed class UnverifiedMiddleware(
    RequestDelegate next,
    KnownSecrets secrets,
    UnverifiedDeliveries unverified
)
{
    public Task InvokeAsync(HttpContext context) =>
        secrets.IsEmpty && ControlRoutes.IsDelivery(context.Request)
            ? unverified.ReceiveAsync(context)
            : next(context);
}
