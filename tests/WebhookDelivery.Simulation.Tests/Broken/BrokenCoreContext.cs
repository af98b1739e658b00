using System.Reflection;
using System.Runtime.Loader;

namespace WebhookDelivery.Simulation.Tests;

/// <summary>Loads the simulation a second time, on another Core; they share the rest.</summary>
internal sealed class BrokenCoreContext : AssemblyLoadContext
{
    public BrokenCoreContext(byte[] core)
        : base("the broken Core")
    {
        using var stream = new MemoryStream(core);
        Core = LoadFromStream(stream);
        Simulation = LoadFromAssemblyPath(typeof(Simulation).Assembly.Location);
    }

    public Assembly Core { get; }

    public Assembly Simulation { get; }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        assemblyName.Name == Core.GetName().Name ? Core : null;
}
