using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Usage;

/// <summary>Holds over HTTP: reserve for a call, then capture what was used or release it.</summary>
internal static class UsageHoldEndpoints
{
    public static readonly string[] EventProblems =
    [
        "not_an_object", "unknown_service", "service_not_offered", "invalid_quantity", "invalid_reference_id", "insufficient_balance",
    ];

    public static void MapHolds(this IEndpointRouteBuilder usage)
    {
        var holds = usage.MapGroup("/holds");
        holds.MapPost("", HoldAsync).WithIdempotency().WithSummary("Reserve the price of a call")
            .WithDescription("For four hours, unless `expires_in_seconds` says otherwise (24 hours at most).").WithBody(typeof(HoldBody))
            .WithExample("A call", UsageExamples.Held, UsageExamples.Reserve)
            .WithProblems([.. EventProblems, "invalid_expires_in_seconds", "reference_used"]);
        holds.MapPost("/{id:guid}/capture", CaptureAsync).WithIdempotency().WithSummary("Settle what was used of a hold")
            .WithDescription("Zero releases the hold; more than was held takes from available, the rest is debt.")
            .WithBody(typeof(QuantityBody)).WithProblems("not_an_object", "invalid_quantity", "unknown_hold", "hold_ended")
            .WithExample("What was used", UsageExamples.Captured, UsageExamples.Used, "/api/usage/holds/$HOLD_ID/capture");
        holds.MapPost("/{id:guid}/extend", ExtendAsync).WithIdempotency().WithSummary("Reserve more for a call under way")
            .WithDescription("The quantity is added to what is reserved; the new end is never sooner than before and at most 24 hours "
                + "after the hold began.").WithBody(typeof(ExtensionBody))
            .WithExample("Five minutes more", UsageExamples.Extended, UsageExamples.More, "/api/usage/holds/$HOLD_ID/extend")
            .WithProblems(
                "not_an_object", "invalid_quantity", "invalid_expires_in_seconds", "insufficient_balance", "unknown_hold", "hold_ended");
        holds.MapPost("/{id:guid}/release", ReleaseAsync).WithIdempotency().WithSummary("Give a hold back")
            .WithExample("Give it back", UsageExamples.Released, at: "/api/usage/holds/$HOLD_ID/release")
            .WithProblems("unknown_hold", "hold_ended");
    }

    private static async Task<Results<Ok<HoldAnswer>, ProblemHttpResult>> HoldAsync(
        JsonElement body, CurrentTenant tenant, UsageHoldService holds, UsageOptions options, CancellationToken cancellationToken)
    {
        var (request, fault) = HoldRequestParser.Parse(body, options);
        if (request is null)
        {
            return Problems.Invalid(fault!.Code, fault.Detail);
        }

        return Answer(await holds.HoldAsync(tenant.Id, tenant.Plan, request, cancellationToken));
    }

    private static async Task<Results<Ok<HoldAnswer>, ProblemHttpResult>> ExtendAsync(
        Guid id, JsonElement body, [FromHeader(Name = Idempotency.Header)] string? key, CurrentTenant tenant,
        UsageHoldExtension extension, UsageOptions options, CancellationToken cancellationToken)
    {
        var (request, fault) = HoldRequestParser.ParseExtension(body, options);
        return request is null
            ? Problems.Invalid(fault!.Code, fault.Detail)
            : Answer(await extension.ExtendAsync(tenant.Id, id, request, key ?? Ids.New().ToString(), cancellationToken));
    }

    private static Results<Ok<HoldAnswer>, ProblemHttpResult> Answer(HoldResult result) => result.Outcome switch
    {
        HoldOutcome.Done or HoldOutcome.Duplicate => TypedResults.Ok(new HoldAnswer(
            result.HoldId!.Value, result.Amount.ToDecimal(), result.Amount.Unit.ToCode(), result.Available.ToDecimal(),
            result.MaxQuantity, result.MaxSeconds)),
        HoldOutcome.Insufficient => Refusals.Insufficient(result.Amount, result.Balance, result.Available, result.MaxQuantity),
        HoldOutcome.Invalid => Problems.Invalid(result.Fault!.Code, result.Fault.Detail),
        HoldOutcome.ReferenceUsed => Problems.Conflict(
            "reference_used", "This reference_id of the service has been reserved or paid with other content."),
        HoldOutcome.UnknownHold => UnknownHold,
        HoldOutcome.Ended => HoldEnded,
    };

    private static ProblemHttpResult UnknownHold => Problems.NotFound("unknown_hold", "There is no such hold.");

    private static ProblemHttpResult HoldEnded =>
        Problems.Conflict("hold_ended", "This hold was captured, released or has expired before.");

    private static async Task<Results<Ok<CaptureAnswer>, ProblemHttpResult>> CaptureAsync(
        Guid id, JsonElement body, CurrentTenant tenant, UsageHoldService holds, UsageOptions options,
        CancellationToken cancellationToken)
    {
        if (HoldRequestParser.ParseQuantity(body, options, out var quantity) is { } fault)
        {
            return Problems.Invalid(fault.Code, fault.Detail);
        }

        var end = await holds.CaptureAsync(tenant.Id, id, quantity, cancellationToken);
        return end.Outcome is HoldOutcome.Done or HoldOutcome.Duplicate
            ? TypedResults.Ok(new CaptureAnswer(
                end.Outcome is HoldOutcome.Done ? "posted" : "duplicate", end.Amount.ToDecimal(), end.Amount.Unit.ToCode(),
                end.Balance.ToDecimal(), end.Available.ToDecimal(), end.Debt.ToDecimal(), end.EntryId,
                end.Differs ? "differs" : null))
            : Refuse(end);
    }

    private static async Task<Results<Ok<ReleaseAnswer>, ProblemHttpResult>> ReleaseAsync(
        Guid id, CurrentTenant tenant, UsageHoldService holds, CancellationToken cancellationToken)
    {
        var end = await holds.ReleaseAsync(tenant.Id, id, cancellationToken);
        return end.Outcome is HoldOutcome.Done or HoldOutcome.Duplicate
            ? TypedResults.Ok(new ReleaseAnswer(
                end.Outcome is HoldOutcome.Done ? "released" : "duplicate", end.Amount.ToDecimal(), end.Amount.Unit.ToCode(),
                end.Available.ToDecimal()))
            : Refuse(end);
    }

    private static ProblemHttpResult Refuse(HoldEnd end) => end.Outcome switch
    {
        HoldOutcome.UnknownHold => UnknownHold,
        HoldOutcome.Ended => HoldEnded,
        HoldOutcome.Invalid => Problems.Invalid(end.Fault!.Code, end.Fault.Detail),
        HoldOutcome.Done or HoldOutcome.Duplicate or HoldOutcome.Insufficient or HoldOutcome.ReferenceUsed =>
            throw new InvalidOperationException($"{end.Outcome} is no refusal of a hold's end."),
    };
}
