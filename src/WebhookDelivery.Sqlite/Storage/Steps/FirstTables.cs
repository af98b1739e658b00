namespace WebhookDelivery.Sqlite;

/// <summary>The tables that everything began with.</summary>
internal static class FirstTables
{
    // Times are Unix milliseconds, ids the 16 bytes of a UUIDv7 (byte order is time order).
    // tenant_refs and endpoint_refs give small integers to what every row would otherwise repeat.
    // They stand apart from tenants and endpoints: an event outlives its endpoint.
    private const string Sql = """
        CREATE TABLE tenants (
            tenant TEXT PRIMARY KEY,
            version INTEGER NOT NULL,
            routing_revision INTEGER NOT NULL,
            created_ms INTEGER NOT NULL,
            updated_ms INTEGER NOT NULL,
            deleted_ms INTEGER,
            data_key BLOB NOT NULL,
            name TEXT
        ) WITHOUT ROWID;

        CREATE TABLE api_keys (
            key_id TEXT PRIMARY KEY,
            role INTEGER NOT NULL,
            tenant TEXT,
            created_ms INTEGER NOT NULL,
            revoked_ms INTEGER,
            hash BLOB NOT NULL,
            description TEXT
        ) WITHOUT ROWID;
        CREATE INDEX api_keys_by_tenant ON api_keys (tenant, created_ms);

        CREATE TABLE endpoints (
            tenant TEXT NOT NULL,
            endpoint BLOB NOT NULL,
            version INTEGER NOT NULL,
            backlog_action INTEGER NOT NULL,
            failing_since_ms INTEGER,
            deleted_ms INTEGER,
            document BLOB NOT NULL,
            PRIMARY KEY (tenant, endpoint)
        ) WITHOUT ROWID;
        CREATE INDEX endpoints_with_backlog_action ON endpoints (backlog_action)
            WHERE backlog_action <> 0;

        CREATE TABLE tenant_refs (
            ref INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant TEXT NOT NULL UNIQUE
        );

        CREATE TABLE endpoint_refs (
            ref INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant INTEGER NOT NULL,
            endpoint BLOB NOT NULL,
            UNIQUE (tenant, endpoint)
        );

        -- In order of insertion, so that writing appends. The payload comes last: reading the other
        -- columns then does not touch its overflow pages.
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            tenant INTEGER NOT NULL,
            event_id BLOB NOT NULL,
            created_ms INTEGER NOT NULL,
            routing_revision INTEGER NOT NULL,
            source INTEGER NOT NULL,
            type TEXT,
            deliver_at_ms INTEGER,
            ordering_key TEXT,
            sequence INTEGER,
            trace_parent TEXT,
            payload BLOB NOT NULL
        );
        CREATE UNIQUE INDEX events_by_id ON events (tenant, event_id);

        -- endpoint is an endpoint_refs.ref, and so implies the tenant. due_ms is set if and only if
        -- the delivery is open.
        CREATE TABLE deliveries (
            event_id BLOB NOT NULL,
            endpoint INTEGER NOT NULL,
            tenant INTEGER NOT NULL,
            status INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            generation_attempts INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due_ms INTEGER,
            updated_ms INTEGER NOT NULL,
            last_attempt_ms INTEGER,
            last_status_code INTEGER,
            last_reason INTEGER,
            PRIMARY KEY (event_id, endpoint)
        ) WITHOUT ROWID;
        CREATE INDEX deliveries_due ON deliveries (endpoint, due_ms) WHERE due_ms IS NOT NULL;
        CREATE INDEX deliveries_parked ON deliveries (endpoint, event_id) WHERE status = 2;
        CREATE INDEX deliveries_dead ON deliveries (tenant, event_id) WHERE status = 3;
        CREATE INDEX deliveries_dead_by_age ON deliveries (updated_ms) WHERE status = 3;

        -- recorded tells two records of the same moment apart; it only grows.
        CREATE TABLE attempts (
            event_id BLOB NOT NULL,
            started_ms INTEGER NOT NULL,
            recorded INTEGER NOT NULL,
            endpoint INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            number INTEGER NOT NULL,
            endpoint_version INTEGER NOT NULL,
            reason INTEGER NOT NULL,
            status_code INTEGER,
            retry_after_ms INTEGER,
            duration_us INTEGER NOT NULL,
            excerpt BLOB,
            PRIMARY KEY (event_id, started_ms, recorded)
        ) WITHOUT ROWID;

        CREATE TABLE idempotency_keys (
            tenant INTEGER NOT NULL,
            key TEXT NOT NULL,
            expires_ms INTEGER NOT NULL,
            event_id BLOB NOT NULL,
            body_hash BLOB NOT NULL,
            endpoints BLOB NOT NULL,
            PRIMARY KEY (tenant, key)
        ) WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_ms);

        -- How often the database was opened: the high part of attempts.recorded.
        CREATE TABLE openings (count INTEGER NOT NULL);
        INSERT INTO openings VALUES (0);
        """;

    public static SchemaStep Step { get; } = new("tables of tenants, events and deliveries", Sql);
}
