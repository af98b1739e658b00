using Microsoft.Extensions.Configuration;
using WebhookDelivery.Hosting;

namespace WebhookDelivery.Lambda;

/// <summary>The setting that says which function the program is.</summary>
internal static class FunctionSetting
{
    /// <summary>Its name within the section of settings.</summary>
    public const string Name = "Function";

    /// <exception cref="StartException">It is missing, or names none.</exception>
    public static LambdaFunction Read(IConfiguration configuration)
    {
        var text = configuration[$"{HostSettings.Section}:{Name}"];
        var names = Enum.GetNames<LambdaFunction>();
        var name = names.FirstOrDefault(each =>
            each.Equals(text, StringComparison.OrdinalIgnoreCase)
        );
        return name is not null
            ? Enum.Parse<LambdaFunction>(name)
            : throw new StartException(
                $"{HostSettings.Section}:{Name} must say which function this is: {string.Join(", ", names)}."
            );
    }
}
