namespace WebhookDelivery.Core;

/// <summary>One node of a payload filter.</summary>
internal abstract class FilterNode
{
    private protected FilterNode() { }

    /// <summary>Every field that is asked for here or below.</summary>
    public abstract IEnumerable<FieldPath> Fields { get; }

    /// <summary>Whether the payload's values pass.</summary>
    public abstract bool Matches(in PayloadValues values);

    /// <summary>Why they do not; ask only then.</summary>
    /// <param name="values">The payload's values.</param>
    /// <param name="path">Where this node stands, such as <c>filter.and[0]</c>.</param>
    public abstract string Explain(in PayloadValues values, string path);

    /// <summary>Passes if each of at least one node does.</summary>
    internal sealed class All(IReadOnlyList<FilterNode> nodes) : FilterNode
    {
        public override IEnumerable<FieldPath> Fields => nodes.SelectMany(node => node.Fields);

        public override bool Matches(in PayloadValues values) => FindFailing(in values) < 0;

        public override string Explain(in PayloadValues values, string path)
        {
            var failing = FindFailing(in values);
            return nodes[failing].Explain(in values, $"{path}.and[{failing}]");
        }

        private int FindFailing(in PayloadValues values)
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                if (!nodes[i].Matches(in values))
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>Passes if one of at least one node does.</summary>
    internal sealed class Any(IReadOnlyList<FilterNode> nodes) : FilterNode
    {
        public override IEnumerable<FieldPath> Fields => nodes.SelectMany(node => node.Fields);

        public override bool Matches(in PayloadValues values)
        {
            foreach (var node in nodes)
            {
                if (node.Matches(in values))
                {
                    return true;
                }
            }

            return false;
        }

        public override string Explain(in PayloadValues values, string path)
        {
            var first = nodes[0].Explain(in values, $"{path}.or[0]");
            return nodes.Count == 1
                ? first
                : $"{first} None of the {nodes.Count} in {path}.or holds.";
        }
    }

    /// <summary>Passes if its node does not.</summary>
    internal sealed class Not(FilterNode node) : FilterNode
    {
        public override IEnumerable<FieldPath> Fields => node.Fields;

        public override bool Matches(in PayloadValues values) => !node.Matches(in values);

        public override string Explain(in PayloadValues values, string path) =>
            $"{path}.not: holds, but must not.";
    }
}
