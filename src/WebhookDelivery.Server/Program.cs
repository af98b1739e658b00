using System.CommandLine;
using WebhookDelivery.Server;

var urls = new Option<string?>("--urls")
{
    Description = "Addresses to listen on, comma-separated. Default: http://localhost:8080",
};
var data = new Option<string?>("--data") { Description = "The data directory. Default: ./data" };
var dev = new Option<bool>("--dev")
{
    Description = "Allow http, loopback targets and any port. For development only.",
};
var serve = new Command("serve", "Run API, worker and sweeper in this process.")
{
    urls,
    data,
    dev,
};
serve.SetAction(
    (parsed, cancellation) =>
        ServeCommand.RunAsync(
            parsed.GetValue(urls),
            parsed.GetValue(data),
            parsed.GetValue(dev),
            cancellation
        )
);

var demo = new Command(
    "demo",
    "Show everything once, on loopback and in a temporary directory; exit 0 if all of it held."
);
demo.SetAction((_, cancellation) => DemoCommand.RunAsync(cancellation));

var server = new Option<string>("--url")
{
    Description = "The running server.",
    DefaultValueFactory = _ => "http://localhost:8080",
};
var adminKey = new Option<string?>("--admin-key")
{
    Description = "The operator key. Default: the environment's WebhookDelivery__AdminKey",
};
var target = new Option<string?>("--target")
{
    Description =
        "Where the test tenants' endpoints point, their id appended as a last segment. Default: http://localhost:9000/webhooks",
};
var seed = new Command(
    "seed",
    "Create three test tenants with keys and endpoints on a running server."
)
{
    server,
    adminKey,
    target,
};
seed.SetAction(
    (parsed, cancellation) =>
        SeedCommand.RunAsync(
            parsed.GetValue(server)!,
            parsed.GetValue(adminKey),
            parsed.GetValue(target),
            cancellation
        )
);

var health = new Command("health", "Exit 0 if a running server is ready, 1 if it is not.")
{
    server,
};
health.SetAction(
    (parsed, cancellation) => HealthCommand.RunAsync(parsed.GetValue(server)!, cancellation)
);

var replaceKey = new Command(
    "admin-key",
    "Make a new operator key and revoke all others; the server must be stopped."
)
{
    data,
};
replaceKey.SetAction(
    (parsed, cancellation) => AdminKeyCommand.RunAsync(parsed.GetValue(data), cancellation)
);

var oldKey = new Option<string?>("--old-key")
{
    Description =
        "What becomes of the old key: keep it below the new one, for backups taken before, or delete it. Needed unless on AWS.",
};
oldKey.AcceptOnlyFromAmong(RotateMasterKeyCommand.Keep, RotateMasterKeyCommand.Delete);
var rotateMasterKey = new Command(
    "rotate-master-key",
    "Make a new master key and wrap the tenants' data keys under it; the server must be stopped. On AWS: wrap them under the configured one."
)
{
    data,
    oldKey,
};
rotateMasterKey.SetAction(
    (parsed, cancellation) =>
        RotateMasterKeyCommand.RunAsync(
            parsed.GetValue(data),
            parsed.GetValue(oldKey),
            cancellation
        )
);

var tenant = new Option<string>("--tenant") { Description = "The tenant's id.", Required = true };
var count = new Option<int>("--count")
{
    Description = "How many shards, a power of two up to 32; it can only grow.",
    Required = true,
};
var eventShards = new Command(
    "event-shards",
    "On AWS: spread a tenant's events over more partitions, some 500 events/s each."
)
{
    tenant,
    count,
};
eventShards.SetAction(
    (parsed, cancellation) =>
        EventShardsCommand.RunAsync(parsed.GetValue(tenant)!, parsed.GetValue(count), cancellation)
);

var root = new RootCommand("WebhookDelivery: stores events, signs them, delivers them.")
{
    serve,
    demo,
    seed,
    health,
    replaceKey,
    rotateMasterKey,
    eventShards,
};
return await Shell.RunAsync(root, args);
