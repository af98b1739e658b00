namespace WebhookDelivery.EndToEnd.Tests;

public sealed class AwsEchoTests : EchoTests<AwsHome>
{
    protected override async Task<byte[]> ReadAnswersAsync()
    {
        using var inside = await Engine.LookInsideAsync();
        return await inside.ReadAttributesAsync("excerpt", "hdr", "log");
    }
}
