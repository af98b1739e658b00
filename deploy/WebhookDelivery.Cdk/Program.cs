using Amazon.CDK;
using WebhookDelivery.Cdk;
using WebhookDelivery.Core;

if (args is ["admin-key"])
{
    var key = ApiKeyToken.Create(ApiKeyRole.Operator, null, null, TimeProvider.System.GetUtcNow());
    Console.WriteLine(key.Text);
    return 0;
}

try
{
    var settings = DeploymentSettings.Read(
        ContextArguments.Read(args),
        System.Environment.GetEnvironmentVariable
    );
    var app = new App(new AppProps { AnalyticsReporting = false });
    _ = new WebhookDeliveryStack(app, settings);
    app.Synth();
    Console.WriteLine(settings.StackName);
    return 0;
}
catch (InvalidSettingsException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
