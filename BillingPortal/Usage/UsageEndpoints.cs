using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Usage;

/// <summary>Usage over HTTP: one event or up to a thousand. A repeat is answered, never charged again.</summary>
internal static class UsageEndpoints
{
    // A thousand events with full metadata, every character of three bytes.
    private const int BodyBytesMax = 16 * 1024 * 1024;

    public static void MapEvents(this IEndpointRouteBuilder usage) => usage.MapPost("", RecordAsync)
        .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax)).WithIdempotency(onlyWhenGiven: true)
        .WithSummary("Record one usage event, or an array of up to 1000")
        .WithDescription(
            "Idempotent per service and `reference_id`: a repeat is `duplicate` with the first answer. One event answers 200 or the "
            + "problem 402 `insufficient_balance`; an array answers 200 with one result per event: posted, duplicate, insufficient or "
            + "invalid.")
        .WithBody(typeof(UsageEventBody), typeof(UsageEventBody[])).WithExample("One event", UsageExamples.Posted, UsageExamples.Event)
        .WithExample("Several events", UsageExamples.Results, UsageExamples.Events).WithProblems(UsageHoldEndpoints.EventProblems)
        .WithProblems("invalid_occurred_at", "invalid_metadata", "invalid_event_count");

    private static Task<Results<Ok<UsageAnswer>, Ok<UsageAnswers>, ProblemHttpResult>> RecordAsync(
        JsonElement body, CurrentTenant tenant, UsageService usage, UsageOptions options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var parser = new UsageEventParser(options);
        return body.ValueKind == JsonValueKind.Array
            ? RecordManyAsync(body, tenant, usage, parser, options, clock.GetUtcNow(), cancellationToken)
            : RecordOneAsync(body, tenant, usage, parser, clock.GetUtcNow(), cancellationToken);
    }

    private static async Task<Results<Ok<UsageAnswer>, Ok<UsageAnswers>, ProblemHttpResult>> RecordOneAsync(
        JsonElement body, CurrentTenant tenant, UsageService usage, UsageEventParser parser, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var (reported, fault) = parser.Parse(body, now);
        if (reported is null)
        {
            return Problems.Invalid(fault!.Code, fault.Detail);
        }

        var result = (await usage.RecordAsync(tenant.Id, tenant.Plan, [reported], cancellationToken))[0];
        return result.Outcome switch
        {
            UsageOutcome.Posted or UsageOutcome.Duplicate => TypedResults.Ok(new UsageAnswer(
                CodeOf(result.Outcome), result.Amount.ToDecimal(), result.Amount.Unit.ToCode(), result.Balance.ToDecimal(),
                result.EntryId, ReasonOf(result))),
            UsageOutcome.Insufficient => Refusals.Insufficient(result.Amount, result.Balance, result.Available),
            UsageOutcome.Invalid => Problems.Invalid(result.Fault!.Code, result.Fault.Detail),
        };
    }

    private static async Task<Results<Ok<UsageAnswer>, Ok<UsageAnswers>, ProblemHttpResult>> RecordManyAsync(
        JsonElement body, CurrentTenant tenant, UsageService usage, UsageEventParser parser, UsageOptions options,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var count = body.GetArrayLength();
        if (count == 0 || count > options.EventsMax)
        {
            return Problems.Invalid("invalid_event_count", $"Send 1 to {options.EventsMax} events per request, not {count}.");
        }

        var parsed = body.EnumerateArray().Select(json => (Json: json, Parsed: parser.Parse(json, now))).ToList();
        var events = parsed.Where(line => line.Parsed.Event is not null).Select(line => line.Parsed.Event!).ToList();
        var results = new Queue<UsageResult>(await usage.RecordAsync(tenant.Id, tenant.Plan, events, cancellationToken));
        return TypedResults.Ok(new UsageAnswers(
            [.. parsed.Select(line => LineOf(
                UsageEventParser.ReferenceOf(line.Json),
                line.Parsed.Fault is { } fault ? UsageResult.Invalid(fault, tenant.Plan) : results.Dequeue()))]));
    }

    private static UsageLine LineOf(string? reference, UsageResult result)
    {
        var stands = result.Outcome is UsageOutcome.Posted or UsageOutcome.Duplicate;
        return new UsageLine(
            reference, CodeOf(result.Outcome), ReasonOf(result), result.Fault?.Detail,
            result.Outcome is UsageOutcome.Invalid ? null : result.Amount.ToDecimal(),
            stands ? result.Balance.ToDecimal() : null, result.EntryId);
    }

    private static string? ReasonOf(UsageResult result) => result.Differs ? "differs" : result.Fault?.Code;

    private static string CodeOf(UsageOutcome outcome) => outcome switch
    {
        UsageOutcome.Posted => "posted",
        UsageOutcome.Duplicate => "duplicate",
        UsageOutcome.Insufficient => "insufficient",
        UsageOutcome.Invalid => "invalid",
    };
}
