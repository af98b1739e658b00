using WebhookReceiver;

return await ReceiverCommand.Create().Parse(args).InvokeAsync();
