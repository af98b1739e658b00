using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using WebhookDelivery.Core;
using WebhookDelivery.Testing;
using Endpoint = WebhookDelivery.Core.Endpoint;

namespace WebhookDelivery.Aws.Tests;

/// <summary>
/// A tenant store, and another over the same table whose way to DynamoDB can fail; and data for both.
/// </summary>
internal sealed class TenantRig : IAsyncDisposable
{
    private static readonly RandomIdSource Ids = new();
    private readonly AwsTables _tables;
    private readonly AmazonDynamoDBClient _frail;

    private TenantRig(AwsTables tables, FaultProxy proxy)
    {
        _tables = tables;
        Proxy = proxy;
        _frail = tables.CreateDynamo(config =>
        {
            config.ServiceURL = proxy.Url;
            config.MaxErrorRetry = 1;
        });
        Store = NewStore(tables.Dynamo);
        Frail = NewStore(_frail);
        Calls = new TenantsTableCalls(tables.Dynamo, tables.Options);
        Tenant = new Tenant
        {
            Id = TenantId.Parse("acme"),
            Version = 1,
            DataKey = new TenantDataKey(TenantId.Parse("acme"), RandomNumberGenerator.GetBytes(60)),
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        Key = ApiKeyToken.Create(ApiKeyRole.Tenant, Tenant.Id, null, Now).Key;
        Endpoint = NewEndpoint();
    }

    public ManualTimeProvider Time { get; } = new();

    public DateTimeOffset Now => Time.GetUtcNow();

    public ITenantStore Store { get; }

    /// <summary>The store whose calls go through <see cref="Proxy"/>.</summary>
    public ITenantStore Frail { get; }

    public FaultProxy Proxy { get; }

    /// <summary>The table without the store's rules.</summary>
    public TenantsTableCalls Calls { get; }

    /// <summary>A tenant that is not stored yet, nor its key and endpoint.</summary>
    public Tenant Tenant { get; }

    public ApiKey Key { get; }

    public Endpoint Endpoint { get; }

    /// <summary>The tenant as its deletion saves it.</summary>
    public Tenant Deleted => Tenant with { Version = 2, UpdatedAt = Now, DeletedAt = Now };

    public static async Task<TenantRig> CreateAsync()
    {
        var emulators = await AwsEmulators.Shared;
        return new TenantRig(
            await AwsTables.CreateAsync(),
            await FaultProxy.StartAsync(emulators.DynamoDbUrl)
        );
    }

    public Endpoint NewEndpoint() =>
        new()
        {
            Key = new EndpointKey(Tenant.Id, new EndpointId(Ids.NewId(Now))),
            Version = 1,
            Url = "https://receiver.example/hook",
            Secrets =
            [
                new EndpointSecret(new SealedValue(1, RandomNumberGenerator.GetBytes(48)), null),
            ],
            CreatedAt = Now,
            UpdatedAt = Now,
        };

    /// <summary>Lets the process of <see cref="Frail"/> crash, as far as DynamoDB sees it, after so many writes.</summary>
    public IDisposable CrashAfter(int writes)
    {
        var left = writes;
        return Proxy.On(
            request =>
                request.Operation is "PutItem" or "UpdateItem" or "DeleteItem"
                && Interlocked.Decrement(ref left) < 0,
            AwsFault.DropBefore()
        );
    }

    public Task<Dictionary<string, AttributeValue>?> ReadRawAsync(string sk) =>
        Calls.GetAsync(TenantsTable.TenantPk(Tenant.Id), sk, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _frail.Dispose();
        await Proxy.DisposeAsync();
        await _tables.DisposeAsync();
    }

    private DynamoTenantStore NewStore(IAmazonDynamoDB dynamo) =>
        new(dynamo, _tables.Options, new EventShards(dynamo, _tables.Options, Time));
}
