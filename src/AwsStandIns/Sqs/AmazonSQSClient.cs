using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SQS.Internal;
using Amazon.SQS.Model;

namespace Amazon.SQS;

/// <summary>
/// Calls Amazon SQS over HTTPS. Signs, retries and finds credentials and region as AWSSDK.Core does.
/// Thread-safe; one client serves a whole process.
/// </summary>
public class AmazonSQSClient : AmazonServiceClient, IAmazonSQS
{
    private static readonly SqsMetadata s_metadata = new();

    /// <summary>With credentials and region from the environment.</summary>
    public AmazonSQSClient()
        : this(new AmazonSQSConfig()) { }

    /// <summary>With credentials from the environment.</summary>
    public AmazonSQSClient(RegionEndpoint region)
        : this(new AmazonSQSConfig { RegionEndpoint = region }) { }

    /// <summary>With credentials from the environment.</summary>
    public AmazonSQSClient(AmazonSQSConfig config)
        : base(config) { }

    /// <summary>With the region from the environment.</summary>
    public AmazonSQSClient(AWSCredentials credentials)
        : this(credentials, new AmazonSQSConfig()) { }

    /// <summary>With these credentials in this region.</summary>
    public AmazonSQSClient(AWSCredentials credentials, RegionEndpoint region)
        : this(credentials, new AmazonSQSConfig { RegionEndpoint = region }) { }

    /// <summary>With these credentials and settings.</summary>
    public AmazonSQSClient(AWSCredentials credentials, AmazonSQSConfig clientConfig)
        : base(credentials, clientConfig) { }

    /// <inheritdoc />
    protected override IServiceMetadata ServiceMetadata => s_metadata;

    /// <inheritdoc />
    public virtual Task<ChangeMessageVisibilityResponse> ChangeMessageVisibilityAsync(
        ChangeMessageVisibilityRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.ChangeMessageVisibility, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<ChangeMessageVisibilityBatchResponse> ChangeMessageVisibilityBatchAsync(
        ChangeMessageVisibilityBatchRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.ChangeMessageVisibilityBatch, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<CreateQueueResponse> CreateQueueAsync(
        CreateQueueRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.CreateQueue, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<DeleteMessageResponse> DeleteMessageAsync(
        DeleteMessageRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.DeleteMessage, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<DeleteMessageBatchResponse> DeleteMessageBatchAsync(
        DeleteMessageBatchRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.DeleteMessageBatch, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<GetQueueAttributesResponse> GetQueueAttributesAsync(
        GetQueueAttributesRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.GetQueueAttributes, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<GetQueueUrlResponse> GetQueueUrlAsync(
        GetQueueUrlRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.GetQueueUrl, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<PurgeQueueResponse> PurgeQueueAsync(
        PurgeQueueRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.PurgeQueue, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<ReceiveMessageResponse> ReceiveMessageAsync(
        ReceiveMessageRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.ReceiveMessage, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<SendMessageResponse> SendMessageAsync(
        SendMessageRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.SendMessage, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<SendMessageBatchResponse> SendMessageBatchAsync(
        SendMessageBatchRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.SendMessageBatch, request, cancellationToken);

    /// <inheritdoc />
    public virtual Task<SetQueueAttributesResponse> SetQueueAttributesAsync(
        SetQueueAttributesRequest request,
        CancellationToken cancellationToken = default
    ) => CallAsync(SqsOperations.SetQueueAttributes, request, cancellationToken);

    /// <inheritdoc />
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new SqsEndpointHandler());
        pipeline.AddHandlerAfter<Marshaller>(new SqsAuthHandler());
        pipeline.AddHandlerBefore<Unmarshaller>(new SqsChecksumHandler());
    }

    private Task<TResponse> CallAsync<TRequest, TResponse>(
        SqsOperation<TRequest, TResponse> operation,
        TRequest request,
        CancellationToken cancellationToken
    )
        where TRequest : AmazonSQSRequest
        where TResponse : AmazonWebServiceResponse, new() =>
        InvokeAsync<TResponse>(request, operation.NewOptions(), cancellationToken);
}
