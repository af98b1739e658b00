namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>An event could not be read, or an answer not written.</summary>
public sealed class JsonSerializerException : Exception
{
    /// <summary>Makes one.</summary>
    public JsonSerializerException(string message)
        : base(message) { }

    /// <summary>Makes one with its cause.</summary>
    public JsonSerializerException(string message, Exception exception)
        : base(message, exception) { }
}
