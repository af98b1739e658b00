namespace WebhookDelivery.Api;

/// <summary>What the published description says of a route beyond its pattern and method.</summary>
internal sealed record RouteDoc
{
    /// <summary>The operation's id, for generated clients: stable.</summary>
    public required string Id { get; init; }

    /// <summary>The group it is shown in.</summary>
    public required string Tag { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What there is to know beyond that; null if nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Who may call it.</summary>
    public required Audience Audience { get; init; }

    /// <summary>The form of its body; null if it takes none.</summary>
    public Type? Body { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyOptional { get; init; }

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>Another status of success, with an answer of the same form; null if there is none.</summary>
    public int? OtherStatus { get; init; }

    /// <summary>The form of a successful answer; null if it has no body.</summary>
    public Type? Answer { get; init; }

    /// <summary>The form of the answer 200 to a dry run; null if there is none.</summary>
    public Type? DryRunAnswer { get; init; }

    /// <summary>The errors of its own, beside those that its audience and body bring.</summary>
    public IReadOnlyList<ErrorCode> Errors { get; init; } = [];

    /// <summary>Its parameters, beside those of its address.</summary>
    public IReadOnlyList<ParameterDoc> Parameters { get; init; } = [];

    /// <summary>Every error that it can answer with, by status.</summary>
    public IEnumerable<IGrouping<int, ErrorCode>> AllErrors()
    {
        List<ErrorCode> all = [.. Errors, ErrorCodes.InternalError];
        if (Audience != Audience.Everybody)
        {
            all.AddRange([ErrorCodes.Unauthorized, ErrorCodes.Forbidden, ErrorCodes.Overloaded]);
        }

        if (Body is not null)
        {
            all.AddRange([
                ErrorCodes.BadRequest,
                ErrorCodes.RequestTimeout,
                ErrorCodes.PayloadTooLarge,
                ErrorCodes.UnsupportedMediaType,
            ]);
            if (Body != typeof(RawJson))
            {
                all.AddRange([ErrorCodes.InvalidJson, ErrorCodes.ValidationFailed]);
            }
        }

        if (Parameters.Contains(ParameterDoc.Cursor))
        {
            all.AddRange([ErrorCodes.ValidationFailed, ErrorCodes.InvalidCursor]);
        }

        return all.Distinct().GroupBy(error => error.Status).OrderBy(group => group.Key);
    }
}
