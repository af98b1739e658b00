using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Amazon.SQS.Internal;

/// <summary>The step of the pipeline that chooses how a request is signed: SQS takes Signature Version 4.</summary>
internal sealed class SqsAuthHandler : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(
        IExecutionContext executionContext
    ) => AuthSchemeOption.DEFAULT_SIGV4;
}
