using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Makes an event's JSON into the answer's, which is read from its position on.</summary>
internal delegate Task<MemoryStream> InvocationHandler(MemoryStream input, ILambdaContext context);
