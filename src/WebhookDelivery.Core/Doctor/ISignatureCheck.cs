namespace WebhookDelivery.Core;

/// <summary>One thing that may be wrong, looked for by itself.</summary>
internal interface ISignatureCheck
{
    /// <summary>What of it is wrong in this case; nothing if all is right.</summary>
    IEnumerable<SignatureFault> Find(Examination examination);
}
