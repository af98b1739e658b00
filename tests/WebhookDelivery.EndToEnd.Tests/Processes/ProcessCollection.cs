namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>Tests that start processes run one after another: they measure real deadlines.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "Processes";
}
