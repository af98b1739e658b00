using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.SQS.Internal;

/// <summary>One call of the service: how its request is written and its answer read.</summary>
/// <param name="name">The call's name in the API, such as `SendMessage`.</param>
/// <param name="write">Writes the members of the request into an object that is open already.</param>
/// <param name="read">Reads the answer from its JSON object.</param>
internal sealed class SqsOperation<TRequest, TResponse>(
    string name,
    Action<Utf8JsonWriter, TRequest> write,
    Func<JsonElement, TResponse> read
)
    where TRequest : AmazonSQSRequest
    where TResponse : AmazonWebServiceResponse
{
    private readonly SqsRequestMarshaller<TRequest> _marshaller = new(name, write);
    private readonly SqsResponseUnmarshaller<TResponse> _unmarshaller = new(read);

    /// <summary>What the pipeline needs to make the call once.</summary>
    public InvokeOptions NewOptions() =>
        new() { RequestMarshaller = _marshaller, ResponseUnmarshaller = _unmarshaller };
}
