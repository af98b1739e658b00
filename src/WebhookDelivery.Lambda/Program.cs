using WebhookDelivery.Lambda;

return await LambdaHost.RunAsync();
