namespace WebhookDelivery.Lambda.Tests;

/// <summary>The tests that share the functions' processes.</summary>
[CollectionDefinition(FunctionFixture.Collection)]
public sealed class FunctionCollection : ICollectionFixture<FunctionFixture>;
