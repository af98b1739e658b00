using WebhookDelivery.Core;

namespace WebhookDelivery.Aws;

/// <summary>
/// The layout of `{prefix}-Tenants`: names, keys and its index, and nothing that reads or writes.
/// </summary>
/// <remarks>
/// <code>
/// pk                        sk                    item
/// t#{tenant}                tenant                the tenant
/// t#{tenant}                e#ep_…                an endpoint, tombstones included
/// v#{tenant}#{incarnation}  ep_…#{revision, 19}   an endpoint as it was from that revision on
/// t#{tenant}                x#…                   an external id, and which endpoint has it
/// k#{key id}                key                   an API key
/// r#{tenant}                ep_…#rec_…            a recovery
/// </code>
/// The sparse <see cref="ListIndex"/> holds what is listed: tenants, keys, endpoints that owe a
/// <see cref="BacklogAction"/>, and recoveries, running and finished. Times are Unix milliseconds.
/// </remarks>
internal static class TenantsTable
{
    /// <summary>Partition key.</summary>
    public const string Pk = "pk";

    /// <summary>Sort key.</summary>
    public const string Sk = "sk";

    /// <summary>Index of what is listed, whole items.</summary>
    public const string ListIndex = "list-index";

    /// <summary>Its partition key: which list.</summary>
    public const string ListKey = "listKey";

    /// <summary>Its sort key: the order in the list.</summary>
    public const string ListSort = "listSort";

    /// <summary><see cref="Sk"/> of a tenant.</summary>
    public const string TenantSk = "tenant";

    /// <summary><see cref="Sk"/> of an API key.</summary>
    public const string KeySk = "key";

    /// <summary>What <see cref="Sk"/> of an endpoint begins with.</summary>
    public const string EndpointSkPrefix = "e#";

    /// <summary>What <see cref="Sk"/> of a claim to an external id begins with.</summary>
    public const string ClaimSkPrefix = "x#";

    /// <summary><see cref="ListKey"/> of tenants; they sort by id.</summary>
    public const string TenantList = "tenants";

    /// <summary><see cref="ListKey"/> of endpoints that owe a backlog action.</summary>
    public const string BacklogList = "backlog";

    /// <summary>What <see cref="Pk"/> of recoveries begins with.</summary>
    public const string RecoveryPkPrefix = "r#";

    /// <summary><see cref="ListKey"/> of recoveries that run; they sort by when they go on.</summary>
    public const string RunningList = "recoveries";

    /// <summary><see cref="ListKey"/> of recoveries that have ended; they sort by when they did.</summary>
    public const string FinishedList = "recovered";

    /// <summary>Attributes of several kinds of item.</summary>
    internal static class Field
    {
        /// <summary>Random, new with each conditional write: says whose write it was that is stored.</summary>
        public const string Stamp = "w";
        public const string Version = "version";
        public const string CreatedAt = "created";

        /// <summary>Absent while it lives.</summary>
        public const string DeletedAt = "deleted";
    }

    /// <summary>Attributes of a tenant item.</summary>
    internal static class TenantField
    {
        public const string Name = "name";

        /// <summary>The wrapped data key, binary.</summary>
        public const string DataKey = "dataKey";
        public const string UpdatedAt = "updated";

        /// <summary>Random, new with each creation: sets a tenant apart from an erased one of the same id.</summary>
        public const string Incarnation = "life";

        /// <summary>The items of the first key and endpoint, a list of maps, until they are stored.</summary>
        public const string Initial = "initial";

        /// <summary>True from its deletion until its keys are revoked and its endpoints tombstones.</summary>
        public const string Ending = "ending";

        /// <summary>Its history of event shards, see <see cref="ShardHistory"/>; absent where it always had one.</summary>
        public const string Shards = "shards";
    }

    /// <summary>Attributes of an API key.</summary>
    internal static class KeyField
    {
        public const string Role = "role";

        /// <summary>Absent for an operator's.</summary>
        public const string Tenant = "tenant";

        /// <summary>SHA-256 of the key, binary.</summary>
        public const string Hash = "hash";
        public const string Description = "description";

        /// <summary>Absent while it is good.</summary>
        public const string RevokedAt = "revoked";
    }

    /// <summary>Attributes of an endpoint.</summary>
    internal static class EndpointField
    {
        /// <summary>Its tenant's <see cref="TenantField.Incarnation"/>.</summary>
        public const string Incarnation = "life";

        /// <summary>What nothing searches for, see <see cref="EndpointDocument"/>; binary.</summary>
        public const string Document = "document";

        /// <summary>Absent for none.</summary>
        public const string BacklogAction = "backlog";

        /// <summary>Absent while healthy.</summary>
        public const string FailingSince = "failing";

        /// <summary>The routing revision that this version came with; absent where it was not kept yet.</summary>
        public const string Revision = "rev";

        /// <summary>The <see cref="Revision"/> of version 1; absent as that.</summary>
        public const string FirstRevision = "rev1";

        /// <summary>When DynamoDB may delete a superseded version, Unix seconds; only those have it.</summary>
        public const string Ttl = "ttl";
    }

    /// <summary>Attributes of a recovery.</summary>
    internal static class RecoveryField
    {
        /// <summary>What nothing searches for, see <see cref="RecoveryDocument"/>; binary.</summary>
        public const string Document = "document";
        public const string NextAt = "next";

        /// <summary>Absent while it runs.</summary>
        public const string FinishedAt = "finished";
    }

    /// <summary>Attributes of a claim to an external id.</summary>
    internal static class ClaimField
    {
        /// <summary>The id of the endpoint that has it.</summary>
        public const string Endpoint = "endpoint";
    }

    /// <summary><see cref="Pk"/> of a tenant and its endpoints.</summary>
    public static string TenantPk(TenantId tenant) => $"t#{tenant}";

    /// <summary><see cref="Pk"/> of superseded versions of a tenant's endpoints.</summary>
    public static string VersionsPk(TenantId tenant, string incarnation) =>
        $"v#{tenant}#{incarnation}";

    /// <summary>What <see cref="Sk"/> of an endpoint's superseded versions begins with.</summary>
    public static string VersionSkPrefix(EndpointId endpoint) => $"{endpoint}#";

    /// <summary><see cref="Sk"/> of a superseded version; 0 for one whose revision was not kept.</summary>
    public static string VersionSk(EndpointId endpoint, long revision) =>
        $"{VersionSkPrefix(endpoint)}{revision:D19}";

    /// <summary><see cref="Pk"/> of an API key.</summary>
    public static string KeyPk(string keyId) => $"k#{keyId}";

    /// <summary><see cref="Sk"/> of an endpoint.</summary>
    public static string EndpointSk(EndpointId endpoint) => $"{EndpointSkPrefix}{endpoint}";

    /// <summary><see cref="Sk"/> of a claim to an external id.</summary>
    public static string ClaimSk(string externalId) => ClaimSkPrefix + externalId;

    /// <summary><see cref="ListKey"/> of a tenant's keys; null: of operators' keys.</summary>
    public static string KeyList(TenantId? tenant) => $"keys#{tenant}";

    /// <summary><see cref="ListSort"/> of a key: oldest first. 15 digits last for 30,000 years.</summary>
    public static string KeySort(ApiKey key) =>
        $"{key.CreatedAt.ToUnixTimeMilliseconds():D15}#{key.Id}";

    /// <summary>
    /// <see cref="ListSort"/> of an endpoint that owes a backlog action. A resume takes long: `~` is beyond
    /// whatever a tenant's id begins with, so that those that owe nothing else come last.
    /// </summary>
    public static string BacklogSort(EndpointKey key, BacklogAction action) =>
        $"{(action == BacklogAction.Resume ? "~" : "")}{key.TenantId}#{key.EndpointId}";

    /// <summary><see cref="Pk"/> of a tenant's recoveries.</summary>
    public static string RecoveryPk(TenantId tenant) => $"{RecoveryPkPrefix}{tenant}";

    /// <summary>What <see cref="Sk"/> of an endpoint's recoveries begins with.</summary>
    public static string RecoverySkPrefix(EndpointId endpoint) => $"{endpoint}#";

    /// <summary><see cref="Sk"/> of a recovery.</summary>
    public static string RecoverySk(EndpointId endpoint, RecoveryId id) =>
        $"{RecoverySkPrefix(endpoint)}{id}";

    /// <summary><see cref="ListSort"/> of a recovery.</summary>
    public static string RecoverySort(DateTimeOffset time, Recovery recovery) =>
        $"{time.ToUnixTimeMilliseconds():D15}#{recovery.Endpoint.TenantId}#{recovery.Id}";
}
