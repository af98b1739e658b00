using WebhookDelivery.Benchmarks;

try
{
    return args switch
    {
        ["run", .. var rest] => await RunCommand.RunAsync(Arguments.Parse(rest)),
        ["bare", .. var rest] => await BareArm.RunAsync(Arguments.Parse(rest)),
        ["sink", .. var rest] => await SinkArm.RunAsync(Arguments.Parse(rest)),
        ["load", .. var rest] => await LoadArm.RunAsync(Arguments.Parse(rest)),
        ["loop", .. var rest] => await LoopArm.RunAsync(Arguments.Parse(rest)),
        _ => throw new UsageException("The first word is run, or an arm: bare, sink, load, loop."),
    };
}
catch (UsageException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCodes.Usage;
}
