using Amazon.DynamoDBv2.Model;

namespace WebhookDelivery.Aws;

/// <summary>
/// Collects what an UpdateItem sets, removes, adds and demands. A field's placeholder is `#field`, its new
/// value `:field`. Not thread-safe; made for one request.
/// </summary>
internal sealed class ItemUpdate
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeValue> _values = new(StringComparer.Ordinal);
    private readonly List<string> _sets = [];
    private readonly List<string> _removes = [];
    private readonly List<string> _adds = [];
    private readonly List<string> _conditions = [];

    /// <summary>Sets a field; without a value removes it.</summary>
    public ItemUpdate Set(string field, AttributeValue? value)
    {
        if (value is null)
        {
            return Remove(field);
        }

        _sets.Add($"{Name(field)} = {Value(field, value)}");
        return this;
    }

    /// <summary>Sets a field unless the item has it.</summary>
    public ItemUpdate SetIfAbsent(string field, AttributeValue value)
    {
        _sets.Add($"{Name(field)} = if_not_exists({Name(field)}, {Value(field, value)})");
        return this;
    }

    /// <summary>Adds 1 to a number that may be absent.</summary>
    public ItemUpdate Increment(string field)
    {
        var zero = Value("zero", 0.ToAttribute());
        var one = Value("one", 1.ToAttribute());
        _sets.Add($"{Name(field)} = if_not_exists({Name(field)}, {zero}) + {one}");
        return this;
    }

    /// <summary>Adds to a number that may be absent.</summary>
    public ItemUpdate Add(string field, long number)
    {
        _adds.Add($"{Name(field)} {Value(field, number.ToAttribute())}");
        return this;
    }

    /// <summary>Appends an element to a list that may be absent.</summary>
    public ItemUpdate Append(string field, AttributeValue element)
    {
        var empty = Value("empty", new AttributeValue { L = [], IsLSet = true });
        var added = Value(field, new AttributeValue { L = [element] });
        _sets.Add($"{Name(field)} = list_append(if_not_exists({Name(field)}, {empty}), {added})");
        return this;
    }

    /// <summary>Adds a text to a set that may be absent.</summary>
    public ItemUpdate AddToSet(string field, string text)
    {
        _adds.Add($"{Name(field)} {Value(field, new AttributeValue { SS = [text] })}");
        return this;
    }

    /// <summary>Removes a field, which may be absent.</summary>
    public ItemUpdate Remove(string field)
    {
        _removes.Add(Name(field));
        return this;
    }

    /// <summary>Demands something more of the item; all demands must hold.</summary>
    public ItemUpdate When(string condition)
    {
        _conditions.Add($"({condition})");
        return this;
    }

    /// <summary>The placeholder of a field.</summary>
    public string Name(string field)
    {
        _names[$"#{field}"] = field;
        return $"#{field}";
    }

    /// <summary>The placeholder of a value.</summary>
    public string Value(string name, AttributeValue value)
    {
        _values[$":{name}"] = value;
        return $":{name}";
    }

    /// <summary>The request.</summary>
    public UpdateItemRequest ToRequest(string table, Dictionary<string, AttributeValue> key) =>
        new()
        {
            TableName = table,
            Key = key,
            UpdateExpression = Expression(),
            ConditionExpression = _conditions.Count > 0 ? string.Join(" AND ", _conditions) : null,
            ExpressionAttributeNames = _names,
            ExpressionAttributeValues = _values.Count > 0 ? _values : null,
        };

    private string Expression()
    {
        var sets = _sets.Count > 0 ? "SET " + string.Join(", ", _sets) : "";
        var removes = _removes.Count > 0 ? " REMOVE " + string.Join(", ", _removes) : "";
        var adds = _adds.Count > 0 ? " ADD " + string.Join(", ", _adds) : "";
        return (sets + removes + adds).Trim();
    }
}
