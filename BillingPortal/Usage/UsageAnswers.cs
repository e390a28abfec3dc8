using System.Text.Json.Serialization;

namespace BillingPortal.Usage;

/// <summary>The answer to a single event.</summary>
public sealed record UsageAnswer(
    string Outcome, decimal Amount, string Unit, decimal BalanceAfter, string? EntryId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

/// <summary>The answer to an array of events, in their order.</summary>
public sealed record UsageAnswers(IReadOnlyList<UsageLine> Results);

/// <summary>One line of <see cref="UsageAnswers"/>.</summary>
public sealed record UsageLine(
    [property: JsonPropertyName("reference_id")] string? ReferenceId,
    string Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? Amount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? BalanceAfter,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EntryId);

/// <summary>
/// The answer to a hold and to its extension. <c>MaxQuantity</c>: the most that can be captured without leaving a debt;
/// <c>MaxSeconds</c>: the same for a call, to the second.
/// </summary>
public sealed record HoldAnswer(
    Guid HoldId, decimal Amount, string Unit, decimal Available, decimal MaxQuantity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxSeconds);

/// <summary>The answer to a capture.</summary>
public sealed record CaptureAnswer(
    string Outcome, decimal Amount, string Unit, decimal BalanceAfter, decimal Available, decimal Debt, string? EntryId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

/// <summary>The answer to a release: what was set free.</summary>
public sealed record ReleaseAnswer(string Outcome, decimal Amount, string Unit, decimal Available);
