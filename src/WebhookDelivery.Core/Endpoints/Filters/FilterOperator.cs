namespace WebhookDelivery.Core;

/// <summary>What a condition asks of a field.</summary>
internal enum FilterOperator
{
    Equal,
    NotEqual,
    In,
    NotIn,
    Exists,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    StartsWith,
}
