using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace Amazon.SQS.Internal;

/// <summary>Reads an answer, or a refusal, of the AWS JSON 1.0 protocol.</summary>
internal sealed class SqsResponseUnmarshaller<TResponse>(Func<JsonElement, TResponse> read)
    : JsonResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse
{
    private const int ReaderBytes = 4096;

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
    {
        using var body = new MemoryStream();
        input.Stream.CopyTo(body);
        // A call without an answer may have no body at all.
        using var json = JsonDocument.Parse(
            body.Length == 0 ? "{}"u8.ToArray() : body.GetBuffer().AsMemory(0, (int)body.Length)
        );
        return read(json.RootElement);
    }

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input,
        Exception innerException,
        HttpStatusCode statusCode
    )
    {
        var reader = new StreamingUtf8JsonReader(input.Stream, ReaderBytes, input.JsonMaxDepth);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
        error.InnerException = innerException;
        error.StatusCode = statusCode;
        // The header replaces the code by that of the query protocol; the type goes by the new one.
        var name = error.Code;
        AwsQueryCompatibleErrorHandler.ApplyQueryErrorHeader(error, input.ResponseData);
        return SqsErrors.ToException(name, error);
    }
}
