namespace WebhookDelivery.EndToEnd.Tests;

/// <summary>The suite on the embedded engine. Another engine gets a folder and a file like this one.</summary>
public sealed class SqliteSignatureTests : SignatureTests<SqliteHome>;

public sealed class SqliteRequestTests : RequestTests<SqliteHome>;

public sealed class SqliteLifecycleTests : LifecycleTests<SqliteHome>;

public sealed class SqliteRedeliveryTests : RedeliveryTests<SqliteHome>;

public sealed class SqliteDeliveryControlTests : DeliveryControlTests<SqliteHome>;

public sealed class SqliteEndpointStateTests : EndpointStateTests<SqliteHome>;

public sealed class SqliteEndpointSettingsTests : EndpointSettingsTests<SqliteHome>;

public sealed class SqliteIdempotencyTests : IdempotencyTests<SqliteHome>;

public sealed class SqliteIsolationTests : IsolationTests<SqliteHome>;

public sealed class SqliteFairnessTests : FairnessTests<SqliteHome>;

public sealed class SqliteHostileReceiverTests : HostileReceiverTests<SqliteHome>;

public sealed class SqliteEtiquetteTests : EtiquetteTests<SqliteHome>;

public sealed class SqliteForgeryTests : ForgeryTests<SqliteHome>;

public sealed class SqliteRestartTests : RestartTests<SqliteHome>;

public sealed class SqliteRecoveryTests : RecoveryTests<SqliteHome>;

public sealed class SqliteExplainTests : ExplainTests<SqliteHome>;

public sealed class SqliteStatisticsTests : StatisticsTests<SqliteHome>;

public sealed class SqliteSignatureDoctorTests : SignatureDoctorTests<SqliteHome>;

public sealed class SqliteEndpointHealthTests : EndpointHealthTests<SqliteHome>;

public sealed class SqliteOperationalEventTests : OperationalEventTests<SqliteHome>;
