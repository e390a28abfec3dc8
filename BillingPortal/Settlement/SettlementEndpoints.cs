using BillingPortal.Jobs;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Settlement;

/// <summary>The month over HTTP: a tenant sees its own, staff and the cron caller see all; the cron caller settles.</summary>
internal static class SettlementEndpoints
{
    /// <summary>The job's name in the schedule and on the command line.</summary>
    public const string Job = "monthly-settlement";

    public static IEndpointRouteBuilder MapSettlement(this IEndpointRouteBuilder routes)
    {
        var billing = routes.MapGroup("/api/billing/monthly").WithTags("Monthly billing");
        billing.MapGet("", ReadAsync).RequireAuthorization(Policies.MonthlyBilling)
            .WithSummary("This month: what is reserved, by service, and what was settled; for staff and the token all tenants' totals")
            .WithExample("A tenant's month", SettlementExamples.Month);
        billing.MapPost("", SettleAsync).RequireAuthorization(Policies.BillingCron).DisableRequestTimeout()
            .WithSummary("Settles the months that are over, each tenant's once; a run that is under way is not doubled")
            .WithExample("A run", SettlementExamples.Run).WithProblems("settlement_not_finished");
        return routes;
    }

    private static async Task<Results<Ok<MonthlyAnswer>, Ok<MonthlyTotalsAnswer>>> ReadAsync(
        CurrentTenant tenant, SettlementReader reader, CancellationToken cancellationToken) =>
        tenant.IsPresent
            ? TypedResults.Ok(MonthlyAnswer.Of(await reader.ReadAsync(tenant.Id, cancellationToken)))
            : TypedResults.Ok(MonthlyTotalsAnswer.Of(await reader.TotalsAsync(cancellationToken)));

    private static async Task<Results<Ok<SettlementAnswer>, ProblemHttpResult>> SettleAsync(
        JobRunner jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        var run = await jobs.RunAsync(Job, cancellationToken);
        return run.Outcome switch
        {
            JobOutcome.Succeeded => TypedResults.Ok(SettlementAnswer.Of("Monthly settlement completed", run, clock)),
            JobOutcome.Skipped => TypedResults.Ok(SettlementAnswer.Of("Monthly settlement is already under way", run, clock)),
            JobOutcome.Running or JobOutcome.Failed or JobOutcome.Interrupted => Problems.Unavailable(
                "settlement_not_finished",
                "The run stopped before its end. What it settled is kept; call again and it goes on."),
        };
    }
}
