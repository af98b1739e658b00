using Amazon.CDK;
using WebhookDelivery.Cdk;
using WebhookDelivery.Core;

if (args is ["admin-key"])
{
    var key = ApiKeyToken.Create(ApiKeyRole.Operator, null, null, TimeProvider.System.GetUtcNow());
    Console.WriteLine(key.Text);
    return 0;
}

// check IN_FORCE [-c key=value]…: judges the settings, also by those of the deployed stack (none:
// empty), and synthesizes nothing.
var inForce = args is ["check", var line, ..] ? line : null;
try
{
    var context = ContextArguments.Read(inForce is null ? args : args[2..]);
    var settings = DeploymentSettings.Read(context, System.Environment.GetEnvironmentVariable);
    if (inForce is null)
    {
        var app = new App(new AppProps { AnalyticsReporting = false });
        _ = new WebhookDeliveryStack(app, settings);
        app.Synth();
    }
    else
    {
        SettingsInForce.RefuseSilentChanges(
            inForce,
            settings,
            context,
            System.Environment.GetEnvironmentVariable
        );
    }

    Console.WriteLine(settings.StackName);
    Console.WriteLine(SettingsInForce.Write(settings));
    return 0;
}
catch (InvalidSettingsException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
