using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>
/// Reads and writes with generated code. The context's own options do not count: names match without
/// regard to case, are written as the members are called unless an attribute says otherwise, and what
/// is null is left out.
/// </summary>
/// <typeparam name="TSGContext">Knows the types; has the generated constructor that takes options.</typeparam>
public sealed class SourceGeneratorLambdaJsonSerializer<TSGContext> : ILambdaSerializer
    where TSGContext : JsonSerializerContext
{
    private static readonly JsonWriterOptions s_writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TSGContext _context;

    /// <summary>Makes one.</summary>
    public SourceGeneratorLambdaJsonSerializer()
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            PropertyNameCaseInsensitive = true,
        };
        _context = (TSGContext)Activator.CreateInstance(typeof(TSGContext), options)!;
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializerException">It is not JSON of the type, or the type is not known.</exception>
    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            return JsonSerializer.Deserialize(requestStream, Find<T>())!;
        }
        catch (JsonException exception)
        {
            throw new JsonSerializerException(
                $"The event is no {typeof(T).FullName}: {exception.Message}",
                exception
            );
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializerException">The type is not known.</exception>
    public void Serialize<T>(T response, Stream responseStream)
    {
        using var writer = new Utf8JsonWriter(responseStream, s_writing);
        JsonSerializer.Serialize(writer, response, Find<T>());
    }

    private JsonTypeInfo<T> Find<T>() =>
        _context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new JsonSerializerException(
            $"{typeof(TSGContext).FullName} does not know {typeof(T).FullName}."
        );
}
