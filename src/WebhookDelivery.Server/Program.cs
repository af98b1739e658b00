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

var to = new Option<string>("--to")
{
    Description = "The file to make, or a directory: then the file is named after the time.",
    Required = true,
};
var overwrite = new Option<bool>("--overwrite") { Description = "Replace a file of that name." };
var compact = new Option<bool>("--compact")
{
    Description = "Leave out free pages; needs twice the room meanwhile.",
};
var walMax = new Option<long?>("--wal-max-mb")
{
    Description =
        "Give up when the running server's write-ahead log grows beyond this. Default: 805; from 1073 on the server refuses new events.",
};
var backup = new Command(
    "backup",
    "Copy the database into a file, verified; the server may run. The master key is not in it."
)
{
    data,
    to,
    overwrite,
    compact,
    walMax,
};
backup.SetAction(
    (parsed, cancellation) =>
        BackupCommand.RunAsync(
            parsed.GetValue(data),
            parsed.GetValue(to)!,
            parsed.GetValue(overwrite),
            parsed.GetValue(compact),
            parsed.GetValue(walMax),
            cancellation
        )
);

var from = new Option<string>("--from") { Description = "The backup.", Required = true };
var force = new Option<bool>("--force")
{
    Description = "Put aside the database that is there; it is kept.",
};
var restore = new Command(
    "restore",
    "Put a backup into a data directory; the server must be stopped."
)
{
    data,
    from,
    force,
};
restore.SetAction(
    (parsed, cancellation) =>
        RestoreCommand.RunAsync(
            parsed.GetValue(data),
            parsed.GetValue(from)!,
            parsed.GetValue(force),
            cancellation
        )
);

var file = new Option<string?>("--file") { Description = "A backup, instead of --data." };
var check = new Command(
    "check",
    "Look for damage in the database or in a backup; exit 1 if there is some. Changes nothing."
)
{
    data,
    file,
};
check.SetAction(
    (parsed, cancellation) =>
        CheckCommand.RunAsync(parsed.GetValue(data), parsed.GetValue(file), cancellation)
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
    backup,
    restore,
    check,
    rotateMasterKey,
    eventShards,
};
return await Shell.RunAsync(root, args);
