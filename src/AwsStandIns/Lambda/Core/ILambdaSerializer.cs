namespace Amazon.Lambda.Core;

/// <summary>Reads events from JSON and writes answers to it.</summary>
public interface ILambdaSerializer
{
    /// <summary>Reads an event to the stream's end.</summary>
    T Deserialize<T>(Stream requestStream);

    /// <summary>Writes an answer; leaves the stream open.</summary>
    void Serialize<T>(T response, Stream responseStream);
}
