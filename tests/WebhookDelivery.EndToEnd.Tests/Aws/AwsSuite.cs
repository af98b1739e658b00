namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The suite on the AWS engine.</summary>
public sealed class AwsSignatureTests : SignatureTests<AwsHome>;

public sealed class AwsRequestTests : RequestTests<AwsHome>;

public sealed class AwsLifecycleTests : LifecycleTests<AwsHome>;

public sealed class AwsRedeliveryTests : RedeliveryTests<AwsHome>;

public sealed class AwsDeliveryControlTests : DeliveryControlTests<AwsHome>;

public sealed class AwsEndpointStateTests : EndpointStateTests<AwsHome>;

public sealed class AwsEndpointSettingsTests : EndpointSettingsTests<AwsHome>;

public sealed class AwsIdempotencyTests : IdempotencyTests<AwsHome>;

public sealed class AwsIsolationTests : IsolationTests<AwsHome>;

public sealed class AwsFairnessTests : FairnessTests<AwsHome>;

public sealed class AwsHostileReceiverTests : HostileReceiverTests<AwsHome>;

public sealed class AwsEtiquetteTests : EtiquetteTests<AwsHome>;

public sealed class AwsForgeryTests : ForgeryTests<AwsHome>;

public sealed class AwsRestartTests : RestartTests<AwsHome>;

public sealed class AwsRecoveryTests : RecoveryTests<AwsHome>;

public sealed class AwsExplainTests : ExplainTests<AwsHome>;

public sealed class AwsStatisticsTests : StatisticsTests<AwsHome>;

public sealed class AwsSignatureDoctorTests : SignatureDoctorTests<AwsHome>;

public sealed class AwsEndpointHealthTests : EndpointHealthTests<AwsHome>;

public sealed class AwsOperationalEventTests : OperationalEventTests<AwsHome>;
