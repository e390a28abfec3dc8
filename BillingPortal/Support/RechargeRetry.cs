using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>What a recharge by staff came to, in plain words.</summary>
public sealed record RetryAnswer(StatusTone Tone, string Title, string Text);

/// <summary>
/// A recharge that staff asks for: the tenant's own "Recharge now", under the tenant's own rule, cards and limits. What the tenant
/// has switched off stays off. Written down before a card is asked; one at a time per tenant.
/// </summary>
public sealed class RechargeRetry(
    Database database, RechargeSettings settings, AutoRechargeService recharges, RechargeReader reader, AuditLog audit,
    TimeProvider clock)
{
    // Two people who look at the same page, or one who clicks twice: the second is told, not served.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private const string Action = "recharge.retried";

    /// <summary>What it would charge now; nothing is charged or written. Null with the reason where it would not.</summary>
    public async Task<(RechargeDecision? Due, RetryAnswer? Refusal)> PlanAsync(
        Guid tenantId, CancellationToken cancellationToken = default)
    {
        if (await reader.RuleAsync(tenantId, cancellationToken) is not { Enabled: true })
        {
            return (null, new RetryAnswer(
                StatusTone.Warning, "Nothing was charged",
                "The tenant has not switched auto-recharge on, so nobody may charge its cards. They can buy on their own page."));
        }

        var preview = await settings.PreviewAsync(tenantId, new RechargeChange(), RechargeTrigger.Manual, cancellationToken);
        return preview.Decision is { Charges: true } due ? (due, null) : (null, Refused(preview.Decision));
    }

    /// <summary>Charges as the rule says, and awaits the answer of the cards. Commits.</summary>
    public async Task<RetryAnswer> RunAsync(Guid tenantId, Guid staffId, CancellationToken cancellationToken = default)
    {
        var (due, refusal) = await PlanAsync(tenantId, cancellationToken);
        if (due is null)
        {
            return refusal!;
        }

        if (!await NoteAsync(tenantId, staffId, due, cancellationToken))
        {
            return new RetryAnswer(
                StatusTone.Warning, "Nothing was charged",
                "Somebody of the staff asked for this recharge less than a minute ago. See below what came of it.");
        }

        var run = await recharges.RunAsync(tenantId, RechargeTrigger.Manual, cancellationToken);
        return run.AttemptId is { } id && await reader.AttemptAsync(tenantId, id, cancellationToken) is { } attempt
            ? new RetryAnswer(RechargeTexts.Tone(attempt.State), Title(attempt), Text(attempt))
            : Refused(run.Decision);
    }

    private async Task<bool> NoteAsync(
        Guid tenantId, Guid staffId, RechargeDecision due, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var locked = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"retry {tenantId}");
        await locked.ExecuteNonQueryAsync(cancellationToken);
        var person = await StaffPerson.FindAsync(unit, staffId, cancellationToken)
            ?? throw new InvalidOperationException("Only the staff asks for a tenant's recharge.");
        var (id, after) = (tenantId.ToString(), clock.GetUtcNow() - Pause);
        if (await unit.Db.Set<AuditLine>().AnyAsync(
            line => line.SubjectType == "recharge" && line.SubjectId == id && line.At > after && line.Action == Action,
            cancellationToken))
        {
            return false;
        }

        audit.Record(unit, new AuditRecord(
            tenantId, person.Actor, Action, "recharge", id,
            $"{person.Title} asked to recharge {AmountFormat.Text(due.Order!.Amount)} for {AmountFormat.Cents(due.Order.PriceCents)}."));
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    private static RetryAnswer Refused(RechargeDecision? decision) => new(
        StatusTone.Warning, "Nothing was charged",
        decision is null ? "The rule cannot be read as it is." : RechargeStory.Refusal(decision));

    private static string Title(RechargeAttempt attempt) => attempt.State switch
    {
        AttemptState.Succeeded => "Recharged",
        AttemptState.Declined => "Refused",
        AttemptState.RequiresAction => "The cardholder has to confirm it",
        AttemptState.Canceled => "Nothing was charged",
        AttemptState.Recorded or AttemptState.Charging or AttemptState.Unknown => "Under way",
    };

    private static string Text(RechargeAttempt attempt) => attempt.State switch
    {
        AttemptState.RequiresAction =>
            $"The bank wants the cardholder to confirm {AmountFormat.Cents(attempt.PriceCents)}. A mail with a link has been sent.",
        AttemptState.Declined => $"{RechargeTexts.Outcome(attempt)} The tenant is told by mail.",
        _ => RechargeTexts.Outcome(attempt),
    };
}
