using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// Tells people some hours before a recharge is likely to come, if they asked for it: once per recharge. It goes by the
/// rule's stored pace, so a look costs no more than a look at the account.
/// </summary>
public sealed partial class RechargeNotices(
    Database database, SituationReader situations, BalanceReader balances, PackageReader packages, RechargeMails mails,
    TimeProvider clock, IOptions<CardsOptions> cardsOptions, RechargeOptions options, ILogger<RechargeNotices> logger)
{
    // Far enough from the threshold again (a top-up, or slower use): the next approach is a recharge of its own.
    private const string Rearm =
        """
        UPDATE recharge_rules r SET noticed_at = NULL, noticed_for = NULL
        FROM accounts a
        WHERE a.tenant_id = r.tenant_id AND a.unit = r.unit AND r.noticed_at IS NOT NULL
          AND (r.pace_e4 IS NULL
            OR (a.balance_e4 - a.held_e4 - r.threshold_e4)::numeric * 24 > r.pace_e4::numeric * (r.notice_hours + 24))
        """;

    private const string Due =
        """
        SELECT r.tenant_id FROM recharge_rules r
        JOIN accounts a ON a.tenant_id = r.tenant_id AND a.unit = r.unit
        JOIN tenants t ON t.id = r.tenant_id AND t.plan = r.unit
        WHERE r.enabled AND r.paused_reason IS NULL AND r.notice_hours > 0 AND r.pace_e4 > 0 AND r.noticed_at IS NULL
          AND a.balance_e4 - a.held_e4 >= r.threshold_e4
          AND (a.balance_e4 - a.held_e4 - r.threshold_e4)::numeric * 24 <= r.pace_e4::numeric * r.notice_hours
          AND EXISTS (SELECT FROM payment_methods p
            WHERE p.tenant_id = r.tenant_id AND p.removed_at IS NULL AND p.state IN ('active', 'expiring'))
        ORDER BY r.tenant_id LIMIT $1
        """;

    /// <summary>Says how many notices were written.</summary>
    public async Task<int> SweepAsync(int tenantsMax, CancellationToken cancellationToken = default)
    {
        var told = 0;
        foreach (var tenantId in await DueAsync(tenantsMax, cancellationToken))
        {
            try
            {
                told += await TellAsync(tenantId, cancellationToken) ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailed(logger, exception, tenantId); // the others get theirs
                RunFaults.Note(tenantId, "notice of a recharge", exception);
            }
        }

        return told;
    }

    private async Task<IReadOnlyList<Guid>> DueAsync(int tenantsMax, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using (var rearm = unit.Command(Rearm))
        {
            await rearm.ExecuteNonQueryAsync(cancellationToken);
        }

        var tenants = new List<Guid>();
        await using (var command = unit.Command(Due, tenantsMax))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tenants.Add(reader.GetGuid(0));
            }
        }

        await unit.CommitAsync(cancellationToken);
        return tenants;
    }

    // Under the rule's lock: two processes tell it once.
    private async Task<bool> TellAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rule = await SituationReader.LockRuleAsync(unit, tenantId, cancellationToken);
        if (rule is not { IsActive: true, NoticeHours: > 0, NoticedAt: null, PaceE4: > 0 and var pace })
        {
            return false;
        }

        var available = (await balances.ReadAsync(unit, tenantId, rule.Unit, cancellationToken)).Available;
        var at = RechargeForecast.At(available - rule.Threshold, new Amount(pace, rule.Unit), now);
        if (available < rule.Threshold || at is not { } due || due > now.AddHours(rule.NoticeHours))
        {
            return false;
        }

        (rule.NoticedAt, rule.NoticedFor) = (now, due);
        if (await ChargeAsync(unit, rule, due, cancellationToken) is { } charge)
        {
            mails.Ahead(unit, rule, charge.Order, charge.Card, due);
        }

        await unit.CommitAsync(cancellationToken);
        return true;
    }

    // What would be charged at the crossing; null when nothing would: no card, or beyond the spending limit.
    private async Task<(RechargeOrder Order, SavedCard Card)?> ChargeAsync(
        UnitOfWork unit, RechargeRule rule, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var step = rule.Unit is Unit.Credits ? Amount.Credits(1) : Amount.Usd(0.01m);
        var order = RechargeSizing.For(
            rule, Amount.Max(rule.Threshold - step, Amount.Zero(rule.Unit)), Amount.Zero(rule.Unit),
            await packages.ListAsync(cancellationToken), options);
        var cards = await CardRows.KeptAsync(unit, rule.TenantId, cancellationToken);
        var card = SituationReader.InOrder(
            rule, cards, DateOnly.FromDateTime(due.UtcDateTime), cardsOptions.Value.ExpiryNoticeDays).FirstOrDefault();
        var spent = SpendingMonth.Of(due).SpentCents(
            await situations.HistoryAsync(unit, rule.TenantId, clock.GetUtcNow(), cancellationToken));
        return order is null || card is null || order.PriceCents > (rule.MonthlyLimitCents ?? long.MaxValue) - spent
            ? null
            : (order, card);
    }

    [LoggerMessage(LogLevel.Error, "The notice of tenant {TenantId} failed; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid tenantId);
}
