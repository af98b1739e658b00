using Amazon.Runtime.Internal;

namespace Amazon.SQS.Internal;

/// <summary>What the core wants to know of the service: the name under which its settings stand.</summary>
internal sealed class SqsMetadata : IServiceMetadata
{
    public string ServiceId => "SQS";

    public IDictionary<string, string> OperationNameMapping { get; } =
        new Dictionary<string, string>(0, StringComparer.Ordinal);
}
