using BillingPortal.Data;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Invoices;

/// <summary>
/// The daily look at unpaid invoices: late ones become overdue, and tenants are reminded, each stage once. Bounded and
/// safe to repeat; a day that was missed is made up for by the stage of today.
/// </summary>
public sealed partial class InvoiceReminders(
    Database database, InvoiceMails mails, BalanceFeed feed, TimeProvider clock, ILogger<InvoiceReminders> logger)
{
    /// <summary>By then the last reminder is out, or will not go any more.</summary>
    private const int LookBackDays = 45;

    public async Task<ReminderRun> RunAsync(int most, CancellationToken cancellationToken = default)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var run = new ReminderRun(0, 0, 0);
        foreach (var invoiceId in await DueAsync(today, most, cancellationToken))
        {
            try
            {
                var (isOverdueNow, isReminded) = await LookAsync(invoiceId, today, cancellationToken);
                run = run with
                {
                    Overdue = run.Overdue + (isOverdueNow ? 1 : 0),
                    Reminded = run.Reminded + (isReminded ? 1 : 0),
                };
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                run = run with { Failed = run.Failed + 1 };
                LogFailed(logger, invoiceId, fault);
            }
        }

        return run;
    }

    private async Task<List<Guid>> DueAsync(DateOnly today, int most, CancellationToken cancellationToken)
    {
        var (from, until) = (today.AddDays(-LookBackDays), today.AddDays(3));
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Invoice>()
            .Where(row => (row.State == InvoiceState.Open || row.State == InvoiceState.Overdue) && row.DueOn <= until
                && (row.DueOn >= from || row.State == InvoiceState.Open))
            .OrderByDescending(row => row.DueOn).ThenBy(row => row.Id).Select(row => row.Id).Take(most)
            .ToListAsync(cancellationToken);
    }

    private async Task<(bool IsOverdueNow, bool IsReminded)> LookAsync(
        Guid invoiceId, DateOnly today, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await InvoicePayments.LockAsync(unit, invoiceId, cancellationToken) is not { IsUnpaid: true } invoice)
        {
            return (false, false);
        }

        var isOverdueNow = invoice.State is InvoiceState.Open && InvoicePolicy.IsLate(invoice.DueOn, today);
        if (isOverdueNow)
        {
            invoice.State = InvoiceState.Overdue;
            feed.Ring(unit, invoice.TenantId);
        }

        var stage = InvoicePolicy.StageOn(invoice.DueOn, today);
        var isReminded = stage is { } due
            && !await unit.Db.Set<InvoiceReminder>().AnyAsync(
                row => row.InvoiceId == invoiceId && row.Stage == due, cancellationToken);
        if (isReminded)
        {
            unit.Db.Add(new InvoiceReminder
            {
                InvoiceId = invoice.Id,
                Stage = stage!.Value,
                TenantId = invoice.TenantId,
                SentAt = clock.GetUtcNow(),
            });
            mails.EnqueueReminder(unit, invoice, stage.Value);
        }

        await unit.CommitAsync(cancellationToken);
        return (isOverdueNow, isReminded);
    }

    [LoggerMessage(LogLevel.Error, "Invoice {InvoiceId} could not be looked at; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Guid invoiceId, Exception fault);
}

/// <summary>What a run did.</summary>
public sealed record ReminderRun(int Overdue, int Reminded, int Failed);
