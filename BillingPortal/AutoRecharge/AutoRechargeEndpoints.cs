using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Auto-recharge over HTTP: the short form of older clients, the whole form, and the cron caller's sweep.
/// </summary>
internal static class AutoRechargeEndpoints
{
    private const string Tag = "Auto-recharge";

    public static IEndpointRouteBuilder MapAutoRechargeEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/credits/auto-recharge", ReadShortAsync).RequireAuthorization(Policies.TenantRead)
            .WithTags(Tag).WithSummary("Whether auto-recharge is on, what it buys and below which balance")
            .WithDescription("The short form. A paused rule reads as not enabled.").WithExample("The rule", AutoRechargeExamples.Short);
        routes.MapPost("/api/credits/auto-recharge", SaveShortAsync).RequireAuthorization(Policies.TenantBilling)
            .WithTags(Tag).WithIdempotency()
            .WithSummary("Switches auto-recharge on or off")
            .WithDescription("What is left out stays as it is. A balance that is below already is recharged at once.")
            .WithExample("Switch on", AutoRechargeExamples.Short, AutoRechargeExamples.SaveShort).WithProblems("invalid_auto_recharge");
        routes.MapGet("/api/stripe/auto-recharge", ReadAsync).RequireAuthorization(Policies.TenantRead)
            .WithTags(Tag).WithSummary("All settings, with cooldown, spending limit and the last attempt")
            .WithExample("The settings", AutoRechargeExamples.Saved);
        routes.MapGet(AttemptCsv.Path, ExportAsync).RequireAuthorization(Policies.TenantRead)
            .WithTags(Tag).WithCsvList("All attempts to recharge as a CSV file", AttemptCsv.Example);
        routes.MapPost("/api/stripe/auto-recharge", SaveOrTriggerAsync).RequireAuthorization(Policies.TenantBilling)
            .WithTags(Tag).WithIdempotency().WithSummary("Changes settings, or with triggerNow recharges at once")
            .WithDescription("What is left out stays as it is; a monthly limit of 0 takes it away.").WithProblems("invalid_auto_recharge")
            .WithExample("Change settings", AutoRechargeExamples.Saved, AutoRechargeExamples.Save)
            .WithExample("Recharge now", AutoRechargeExamples.Triggered, AutoRechargeExamples.Trigger);
        routes.MapGet("/api/cron/auto-recharge-check", SweepAsync).RequireAuthorization(Policies.Cron)
            .DisableRequestTimeout().WithTags("Cron")
            .WithSummary("Evaluates the tenants that are below their threshold").WithExample("A run", AutoRechargeExamples.Sweep);
        return routes;
    }

    private static async Task<Ok<ShortAutoRecharge>> ReadShortAsync(
        CurrentTenant tenant, RechargeReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(ShortAutoRecharge.Of(await reader.RuleAsync(tenant.Id, cancellationToken)));

    private static async Task<Results<Ok<ShortAutoRecharge>, ProblemHttpResult>> SaveShortAsync(
        SaveShortAutoRecharge request, CurrentTenant tenant, RechargeSettings settings, RechargeReader reader,
        CancellationToken cancellationToken)
    {
        if (await reader.RuleAsync(tenant.Id, cancellationToken) is null && request.IsOffOnly)
        {
            return TypedResults.Ok(ShortAutoRecharge.Of(null)); // nothing to switch off
        }

        var saved = await settings.SaveAsync(
            tenant.Id, request.ToChange(), RechargeDoor.CreditsApi, tenant.UserId, cancellationToken);
        return saved.Rule is { } rule ? TypedResults.Ok(ShortAutoRecharge.Of(rule)) : Invalid(saved);
    }

    private static async Task<Ok<AutoRechargeAnswer>> ReadAsync(
        CurrentTenant tenant, RechargeReader reader, RechargeOptions options, CancellationToken cancellationToken) =>
        TypedResults.Ok(AutoRechargeAnswer.Of(await reader.ReadAsync(tenant.Id, cancellationToken), options));

    private static async Task<PushStreamHttpResult> ExportAsync(
        HttpResponse response, CurrentTenant tenant, RechargeReader reader, CancellationToken cancellationToken) =>
        AttemptCsv.Of(response, await reader.AttemptsAsync(tenant.Id, CsvList.RowsRead, cancellationToken));

    private static async Task<Results<Ok<AutoRechargeAnswer>, Ok<TriggerAnswer>, ProblemHttpResult>> SaveOrTriggerAsync(
        SaveAutoRecharge request, CurrentTenant tenant, AutoRechargeService recharges, RechargeSettings settings,
        RechargeReader reader, RechargeOptions options, CancellationToken cancellationToken)
    {
        if (!request.HasKnownMode)
        {
            return Problems.Invalid("invalid_auto_recharge", "smartMode must be off, propose or automatic.");
        }

        if (!request.IsEmpty)
        {
            var saved = await settings.SaveAsync(
                tenant.Id, request.ToChange(), RechargeDoor.StripeApi, tenant.UserId, cancellationToken);
            if (saved.Rule is null)
            {
                return Invalid(saved);
            }
        }

        if (request.TriggerNow is not true)
        {
            return TypedResults.Ok(
                AutoRechargeAnswer.Of(await reader.ReadAsync(tenant.Id, cancellationToken), options));
        }

        return TypedResults.Ok(TriggerAnswer.Of(
            await recharges.RunAsync(tenant.Id, RechargeTrigger.Manual, cancellationToken)));
    }

    private static async Task<Ok<SweepAnswer>> SweepAsync(
        AutoRechargeService recharges, RechargeOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var sweep = await recharges.SweepAsync(options.SweepTenantsMax, cancellationToken);
        return TypedResults.Ok(new SweepAnswer(
            "Auto-recharge check completed", sweep.Processed, sweep.Recharged, sweep.Skipped, sweep.Failed,
            clock.GetUtcNow()));
    }

    private static ProblemHttpResult Invalid(RechargeSaved saved) =>
        Problems.Invalid("invalid_auto_recharge", saved.Problem!);
}
