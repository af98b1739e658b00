using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;
using WebhookDelivery.Aws;
using WebhookDelivery.Core;
using WebhookDelivery.Sqlite;

namespace WebhookDelivery.Hosting;

/// <summary>Takes hold of the store before anything runs on it.</summary>
public static class HostStart
{
    /// <summary>
    /// Opens the store, and sees to it that the tenants' secrets can be opened. Now rather than at the
    /// first request: a directory that is in use, or another master key, must end the start.
    /// </summary>
    /// <exception cref="StartException">It cannot be done, for a reason that an operator can mend.</exception>
    public static void Prepare(IServiceProvider services)
    {
        OpenStore(services);
        Run(() => MasterKeyCheck.Hold(services, services.GetRequiredService<HostSettings>()));
    }

    /// <summary>
    /// Opens the data directory, or makes what is missing on AWS where the settings say so. The master
    /// key is neither needed nor made.
    /// </summary>
    /// <exception cref="StartException">It cannot be done, for a reason that an operator can mend.</exception>
    public static void OpenStore(IServiceProvider services) =>
        Run(() =>
        {
            var settings = services.GetRequiredService<HostSettings>();
            if (settings.Storage == StorageEngine.Sqlite)
            {
                services.GetRequiredService<SqliteEngine>();
            }
            else
            {
                // Waited for here, since nothing else runs yet.
                var engine = services.GetRequiredService<AwsEngine>();
                engine.PrepareAsync(CancellationToken.None).GetAwaiter().GetResult();
            }
        });

    private static void Run(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception)
            when (exception
                    is InvalidOperationException
                        or IOException
                        or UnauthorizedAccessException
                        or StoreUnavailableException
            )
        {
            throw new StartException(exception.Message, exception);
        }
        catch (AmazonClientException exception)
        {
            throw new StartException(
                $"The AWS SDK cannot be used: {exception.Message} Region and credentials are its own settings, such as AWS_REGION.",
                exception
            );
        }
    }
}
