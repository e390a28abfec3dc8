using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Notifications;

/// <summary>
/// Applies the two policies to rows that the caller has locked, and enqueues what they say. The caller commits.
/// </summary>
public sealed class AlertJudge(
    AlertCandidates candidates, PhoneNumberReader numbers, AlertMails mails, TenantEvents events, TimeProvider time,
    IOptions<NotificationsOptions> options)
{
    internal static readonly TimeSpan Month = TimeSpan.FromDays(30);

    internal async Task<WatchReport> JudgeAsync(
        UnitOfWork unit, IReadOnlyList<AlertState> states, CancellationToken cancellationToken)
    {
        var ids = states.Select(state => state.TenantId).ToArray();
        var figures = await candidates.FiguresAsync(unit, ids, cancellationToken);
        var chosen = (await unit.Db.Set<AlertSetting>().AsNoTracking().Where(row => ids.Contains(row.TenantId))
            .ToListAsync(cancellationToken)).ToDictionary(row => (row.TenantId, row.Unit), row => row.ThresholdE4);
        var report = default(WatchReport);
        foreach (var state in states.Where(state => figures.ContainsKey(state.TenantId)))
        {
            var threshold = chosen.TryGetValue((state.TenantId, state.Unit), out var e4)
                ? new Amount(e4, state.Unit)
                : options.Value.DefaultThreshold(state.Unit);
            report += await JudgeAsync(unit, state, figures[state.TenantId], threshold, cancellationToken);
        }

        return report;
    }

    private async Task<WatchReport> JudgeAsync(
        UnitOfWork unit, AlertState state, AccountFigures now, Amount threshold, CancellationToken cancellationToken)
    {
        var rent = now.RentMark == 0
            ? Amount.Zero(state.Unit)
            : await numbers.RentDueAsync(unit, state.TenantId, state.Unit, candidates.RentUntil, cancellationToken);
        var isFirst = state.JudgedAt == DateTimeOffset.MinValue;
        var hasBand = state.BandFromE4 <= state.BandToE4; // else the threshold is another one: no hysteresis
        var judged = AlertLevelPolicy.Judge(hasBand ? state.Level : null, now.Available, threshold, rent);
        var (isChanged, before) = (!isFirst && judged.Level != state.Level, state.Level);
        (state.Level, state.BandFromE4, state.BandToE4) = (judged.Level, judged.FromE4, judged.ToE4);
        (state.RentDueE4, state.RentMark, state.JudgedAt) = (rent.E4, now.RentMark, time.GetUtcNow());
        if (isChanged)
        {
            mails.EndLowBalance(unit, state.TenantId);
        }

        if (now.IsUsed && state.Level > before)
        {
            Publish(unit, state, before, now.Available, threshold);
        }

        var isMailed = now.IsUsed && await TellAsync(unit, state, now, threshold, rent, cancellationToken);
        return new WatchReport(1, isChanged ? 1 : 0, isMailed ? 1 : 0, 0);
    }

    // The row is locked: a fall is seen once, at one moment.
    private void Publish(UnitOfWork unit, AlertState state, AlertLevel before, Amount available, Amount threshold) =>
        events.Publish(
            unit, state.TenantId, TenantEvent.BalanceLow,
            new BalanceLowData(state.Level.ToCode(), before.ToCode(), available, threshold),
            key: $"{state.Unit.ToCode()}:{state.Level.ToCode()}:{state.JudgedAt.UtcTicks}", state.JudgedAt);

    private async Task<bool> TellAsync(
        UnitOfWork unit, AlertState state, AccountFigures now, Amount threshold, Amount rent,
        CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var isIdle = state.MailedSeq == now.LastSeq;
        var told = new Told(state.MailedLevel, state.MailedAt, state.IdleReminded);
        var mail = AlertMailPolicy.Decide(state.Level, told, isIdle, at);
        state.NextMailAt = mail.NextAt;
        if (mail.Forgets)
        {
            state.MailedLevel = null;
        }

        if (!mail.IsDue)
        {
            return false;
        }

        var isReminder = told.Level is not null && state.Level <= told.Level;
        var situation = await SituationAsync(unit, state, now, threshold, rent, cancellationToken);
        (state.MailedLevel, state.MailedAt, state.Mails) = (state.Level, at, state.Mails + 1);
        (state.MailedSeq, state.IdleReminded) = (now.LastSeq, isReminder && isIdle);
        mails.LowBalance(unit, state.TenantId, situation, isReminder, state.Mails);
        return true;
    }

    private async Task<BalanceAdvice.Situation> SituationAsync(
        UnitOfWork unit, AlertState state, AccountFigures now, Amount threshold, Amount rent,
        CancellationToken cancellationToken)
    {
        var rentMonth = await numbers.RentDueAsync(
            unit, state.TenantId, state.Unit, time.GetUtcNow() + Month, cancellationToken);
        var rule = await unit.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == state.TenantId, cancellationToken);
        return new BalanceAdvice.Situation(
            state.Level, now.Available, now.Debt, threshold, rent, rentMonth, rule, EmailEnabled: true);
    }
}
