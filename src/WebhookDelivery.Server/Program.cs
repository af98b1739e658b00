using System.CommandLine;
using WebhookDelivery.Server;

var data = new Option<string?>("--data") { Description = "The data directory. Default: ./data" };
var server = new Option<string>("--url")
{
    Description = "The running server.",
    DefaultValueFactory = _ => "http://localhost:8080",
};

var root = new RootCommand("WebhookDelivery: stores events, signs them, delivers them.")
{
    ServeCommand.Define(data),
    DemoCommand.Define(),
    SeedCommand.Define(server),
    HealthCommand.Define(server),
    AdminKeyCommand.Define(data),
    BackupCommand.Define(data),
    RestoreCommand.Define(data),
    CheckCommand.Define(data),
    RotateMasterKeyCommand.Define(data),
    EventShardsCommand.Define(),
};
return await Shell.RunAsync(root, args);
