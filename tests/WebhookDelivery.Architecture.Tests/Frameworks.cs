using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace WebhookDelivery.Architecture.Tests;

/// <summary>Tells to which shared framework an assembly belongs.</summary>
internal static class Frameworks
{
    public static string BaseFolder { get; } = FolderOf(typeof(object));

    public static string AspNetFolder { get; } = FolderOf(typeof(HttpContext));

    public static bool IsBase(AssemblyName assembly) => Holds(BaseFolder, assembly);

    public static bool IsAspNet(AssemblyName assembly) => Holds(AspNetFolder, assembly);

    private static bool Holds(string folder, AssemblyName assembly) =>
        File.Exists(Path.Combine(folder, assembly.Name + ".dll"));

    private static string FolderOf(Type type) => Path.GetDirectoryName(type.Assembly.Location)!;
}
