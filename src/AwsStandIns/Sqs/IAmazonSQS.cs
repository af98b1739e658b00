using Amazon.Runtime;
using Amazon.SQS.Model;

namespace Amazon.SQS;

/// <summary>Amazon SQS, as far as this product calls it. Every call throws <see cref="AmazonSQSException"/> when SQS refuses it.</summary>
public interface IAmazonSQS : IAmazonService, IDisposable
{
    /// <summary>Changes for how long a received message stays hidden.</summary>
    Task<ChangeMessageVisibilityResponse> ChangeMessageVisibilityAsync(
        ChangeMessageVisibilityRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Changes for how long received messages stay hidden, up to 10 at once. Look at Failed.</summary>
    Task<ChangeMessageVisibilityBatchResponse> ChangeMessageVisibilityBatchAsync(
        ChangeMessageVisibilityBatchRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Makes a queue, or finds the one of this name with the same attributes.</summary>
    Task<CreateQueueResponse> CreateQueueAsync(
        CreateQueueRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Deletes a received message. Doing it again is harmless.</summary>
    Task<DeleteMessageResponse> DeleteMessageAsync(
        DeleteMessageRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Deletes received messages, up to 10 at once. Look at Failed.</summary>
    Task<DeleteMessageBatchResponse> DeleteMessageBatchAsync(
        DeleteMessageBatchRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Reads attributes of a queue.</summary>
    Task<GetQueueAttributesResponse> GetQueueAttributesAsync(
        GetQueueAttributesRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Finds a queue's URL by its name.</summary>
    Task<GetQueueUrlResponse> GetQueueUrlAsync(
        GetQueueUrlRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Deletes all messages of a queue.</summary>
    Task<PurgeQueueResponse> PurgeQueueAsync(
        PurgeQueueRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Receives up to 10 messages, waiting for a first one when asked to.</summary>
    Task<ReceiveMessageResponse> ReceiveMessageAsync(
        ReceiveMessageRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Sends a message.</summary>
    Task<SendMessageResponse> SendMessageAsync(
        SendMessageRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Sends up to 10 messages. Look at Failed.</summary>
    Task<SendMessageBatchResponse> SendMessageBatchAsync(
        SendMessageBatchRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Sets attributes of a queue.</summary>
    Task<SetQueueAttributesResponse> SetQueueAttributesAsync(
        SetQueueAttributesRequest request,
        CancellationToken cancellationToken = default
    );

    /// <summary>The settings of a client that is made without any.</summary>
    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonSQSConfig();

    /// <summary>A client with these settings; null credentials: those of the default chain.</summary>
    static IAmazonService IAmazonService.CreateDefaultServiceClient(
        AWSCredentials awsCredentials,
        ClientConfig clientConfig
    ) =>
        clientConfig is not AmazonSQSConfig config
            ? throw new AmazonClientException("ClientConfig is not of type AmazonSQSConfig")
        : awsCredentials is null ? new AmazonSQSClient(config)
        : new AmazonSQSClient(awsCredentials, config);
}
