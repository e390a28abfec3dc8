using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.Extensions.Options;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// Writes what became of asked rents, in the transaction that debited them: the paid periods, the numbers' next dates,
/// suspensions, and the messages that follow. It neither posts nor commits. A batch is one statement per kind of change.
/// </summary>
public sealed class RentBook(
    OutboxWriter outbox, NumberMails mails, NumberEvents events, BalanceFeed feed, IOptions<PhoneNumberOptions> options)
{
    private const string InsertRents =
        """
        INSERT INTO number_rents (number_id, period_start, tenant_id, period_end, unit, amount_e4, entry_seq, paid_at)
        SELECT r.*, $8 FROM unnest($1, $2, $3, $4, $5, $6, $7) AS r
        """;

    private const string Pay =
        """
        UPDATE phone_numbers AS n SET state = 'active', next_billing_date = p.period_end, anchor_day = p.anchor_day,
          suspended_at = NULL, next_retry_at = NULL, grace_until = NULL, trouble = NULL
        FROM unnest($1, $2, $3) AS p (id, period_end, anchor_day) WHERE n.id = p.id
        """;

    private const string Suspend =
        """
        UPDATE phone_numbers SET state = 'suspended', suspended_at = coalesce(suspended_at, $2), next_retry_at = $3,
          grace_until = NULL
        WHERE id = ANY ($1)
        """;

    private const string Keep =
        """
        UPDATE phone_numbers AS n SET grace_until = g.until FROM unnest($1, $2) AS g (id, until) WHERE n.id = g.id
        """;

    /// <summary>Uncovered numbers are kept for their grace days, else suspended, or tried again after another week.</summary>
    internal async Task ApplyAsync(
        UnitOfWork unit, IReadOnlyList<RentAnswer> answers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await PaidAsync(unit, answers, now, cancellationToken);
        await KeepAsync(unit, answers, cancellationToken);
        var open = answers.Where(answer => answer.Outcome is RentOutcome.NotCovered).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var retryAt = RentCalendar.DayOf(now).AddDays(options.Value.RetryDays);
        await using (var suspend = unit.Command(Suspend, NumberIds(open), now, retryAt))
        {
            await suspend.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var tenant in open.Where(answer => !answer.Ask.IsResume).GroupBy(answer => answer.Ask.Number.TenantId))
        {
            FollowUp(unit, tenant.Key, tenant);
            mails.EnqueueSuspended(unit, [.. tenant.Select(answer => answer.Ask)], retryAt);
            events.Suspended(unit, tenant.Select(answer => answer.Ask), retryAt);
        }

        await EndGraceAsync(unit, open, cancellationToken);
    }

    /// <summary>Only what was paid; numbers that are not covered stay as they are, as after a top-up.</summary>
    internal async Task PaidAsync(
        UnitOfWork unit, IReadOnlyList<RentAnswer> answers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var paid = answers.Where(answer => answer.Outcome is RentOutcome.Paid).ToList();
        if (paid.Count == 0)
        {
            return;
        }

        var (ids, ends) = (NumberIds(paid), paid.Select(answer => answer.Ask.Period.End).ToArray());
        await using (var insert = unit.Command(
            InsertRents, ids, paid.Select(answer => answer.Ask.Period.Start).ToArray(),
            paid.Select(answer => answer.Ask.Number.TenantId).ToArray(), ends,
            paid.Select(answer => answer.Ask.Number.Unit.ToCode()).ToArray(),
            paid.Select(answer => answer.Ask.Amount!.Value.E4).ToArray(), paid.Select(answer => answer.EntrySeq).ToArray(), now))
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var pay = unit.Command(Pay, ids, ends, paid.Select(answer => answer.Ask.AnchorDay).ToArray()))
        {
            await pay.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var tenant in paid.Where(answer => answer.Ask.IsResume).GroupBy(answer => answer.Ask.Number.TenantId))
        {
            FollowUp(unit, tenant.Key, tenant);
            await mails.EnqueueResumedAsync(unit, [.. tenant.Select(answer => answer.Ask)], cancellationToken);
            events.Resumed(unit, tenant.Select(answer => answer.Ask));
        }

        await EndGraceAsync(unit, paid, cancellationToken);
    }

    // Told when it begins; a later end (a new series) changes the row and the page only.
    private async Task KeepAsync(
        UnitOfWork unit, IReadOnlyList<RentAnswer> answers, CancellationToken cancellationToken)
    {
        var kept = answers.Where(answer => answer.Outcome is RentOutcome.InGrace).ToList();
        if (kept.Count == 0)
        {
            return;
        }

        await using (var keep = unit.Command(
            Keep, NumberIds(kept), kept.Select(answer => answer.GraceUntil!.Value).ToArray()))
        {
            await keep.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var tenant in kept.Where(answer => answer.Ask.Number.GraceUntil is null)
            .GroupBy(answer => answer.Ask.Number.TenantId))
        {
            mails.EnqueueInGrace(
                unit, [.. tenant.Select(answer => answer.Ask)], tenant.Min(answer => answer.GraceUntil!.Value));
            feed.Ring(unit, tenant.Key);
        }
    }

    private async Task EndGraceAsync(
        UnitOfWork unit, IEnumerable<RentAnswer> answers, CancellationToken cancellationToken)
    {
        foreach (var tenantId in answers.Where(answer => answer.Ask.Number.GraceUntil is not null)
            .Select(answer => answer.Ask.Number.TenantId).Distinct())
        {
            await mails.EndGraceAsync(unit, tenantId, cancellationToken);
            feed.Ring(unit, tenantId);
        }
    }

    private void FollowUp(UnitOfWork unit, Guid tenantId, IEnumerable<RentAnswer> answers)
    {
        foreach (var answer in answers)
        {
            outbox.Enqueue(
                unit, NumberAddresses.MessageKind, tenantId, new NumberAddresses(answer.Ask.Number.Id));
        }

        feed.Ring(unit, tenantId);
    }

    private static Guid[] NumberIds(IEnumerable<RentAnswer> answers) => [.. answers.Select(answer => answer.Ask.Number.Id)];
}
