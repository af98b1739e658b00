using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Puts a handler behind the loop that serves Lambda's invocations.</summary>
public sealed class LambdaBootstrapBuilder
{
    private readonly InvocationHandler _handler;
    private LambdaBootstrapInitializer? _initializer;

    private LambdaBootstrapBuilder(InvocationHandler handler) => _handler = handler;

    /// <summary>Begins with a handler that takes and gives what the serializer makes of JSON.</summary>
    /// <typeparam name="TInput">The event.</typeparam>
    /// <typeparam name="TOutput">The answer.</typeparam>
    /// <param name="handler">Called for one event after the other.</param>
    /// <param name="serializer">Reads the events and writes the answers.</param>
    public static LambdaBootstrapBuilder Create<TInput, TOutput>(
        Func<TInput, ILambdaContext, Task<TOutput>> handler,
        ILambdaSerializer serializer
    )
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(serializer);
        return new(
            async (input, context) =>
            {
                var answer = await handler(serializer.Deserialize<TInput>(input), context);
                var output = new MemoryStream();
                serializer.Serialize(answer, output);
                output.Position = 0;
                return output;
            }
        );
    }

    /// <summary>Sets what runs before the first invocation; default nothing.</summary>
    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer initializer)
    {
        _initializer = initializer;
        return this;
    }

    /// <summary>The loop, ready to run.</summary>
    /// <exception cref="InvalidOperationException">This process was not started by Lambda.</exception>
    public LambdaBootstrap Build() => new(_handler, _initializer);
}
