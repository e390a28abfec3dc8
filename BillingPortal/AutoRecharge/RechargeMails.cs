using BillingPortal.Alerts;
using BillingPortal.AutoRecharge.Emails;
using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>
/// The mails of auto-recharge, written with the commit that they tell of. Keys name the cause, so that a cause is told
/// once.
/// </summary>
public sealed class RechargeMails(
    Mailer mailer, BalanceReader balances, RechargeOptions options, IOptions<AppOptions> app)
{
    /// <summary>Paid: what was charged, what it brought, what the balance is now; the receipt.</summary>
    public async Task SucceededAsync(
        UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt, CancellationToken cancellationToken)
    {
        var purchase = await unit.Db.Set<Purchase>().AsNoTracking()
            .SingleAsync(row => row.TenantId == rule.TenantId && row.Id == attempt.Id, cancellationToken);
        var balance = await balances.ReadAsync(unit, rule.TenantId, attempt.Unit, cancellationToken);
        mailer.Enqueue<RechargeSucceededMail>(
            unit, rule.TenantId, "recharge_succeeded",
            $"Auto-recharge: {AmountFormat.Text(attempt.Amount)} for {AmountFormat.Cents(attempt.PriceCents)}",
            new Dictionary<string, object?>
            {
                [nameof(RechargeSucceededMail.Bought)] = AmountFormat.Text(attempt.Amount),
                [nameof(RechargeSucceededMail.Bonus)] = attempt.BonusE4 == 0 ? null : AmountFormat.Text(attempt.Bonus),
                [nameof(RechargeSucceededMail.Price)] = AmountFormat.Cents(attempt.PriceCents),
                [nameof(RechargeSucceededMail.Card)] = PurchaseTexts.Card(purchase),
                [nameof(RechargeSucceededMail.Balance)] = AmountFormat.Text(balance.Available),
                [nameof(RechargeSucceededMail.Threshold)] = AmountFormat.Text(rule.Threshold),
                [nameof(RechargeSucceededMail.PaidAt)] = purchase.SettledAt,
                [nameof(RechargeSucceededMail.Receipt)] = PurchaseTexts.ReceiptNumber(purchase),
                [nameof(RechargeSucceededMail.Pdf)] = Link(PurchaseTexts.ReceiptPath(purchase.Id)),
                [nameof(RechargeSucceededMail.Link)] = Page,
            },
            key: $"recharge-succeeded:{attempt.Id}");
    }

    /// <summary>The first failed attempt of a series, with when the next one follows.</summary>
    public void Declined(UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt) =>
        mailer.Enqueue<RechargeDeclinedMail>(
        unit, rule.TenantId, "recharge_declined", "Auto-recharge failed: your card was declined",
        new Dictionary<string, object?>
        {
            [nameof(RechargeDeclinedMail.Price)] = AmountFormat.Cents(attempt.PriceCents),
            [nameof(RechargeDeclinedMail.Cards)] = attempt.CardIndex + 1,
            [nameof(RechargeDeclinedMail.Reason)] = Reason(attempt),
            [nameof(RechargeDeclinedMail.NextTryAt)] = rule.BackoffUntil,
            [nameof(RechargeDeclinedMail.FailuresBeforePause)] = options.FailuresBeforePause,
            [nameof(RechargeDeclinedMail.GraceUntil)] = rule.GraceUntil,
            [nameof(RechargeDeclinedMail.CardsLink)] = Link("/cards"),
        },
        key: $"recharge-declined:{attempt.Id}",
        text: $"{Reason(attempt)} We try again at {MailTime.Text(rule.BackoffUntil)}.{Grace(rule)}");

    /// <summary>The bank wants the cardholder: a link to finish the same payment on the portal.</summary>
    public void AuthenticationNeeded(UnitOfWork unit, RechargeAttempt attempt) =>
        mailer.Enqueue<RechargeAuthenticationMail>(
        unit, attempt.TenantId, "recharge_authentication",
        "Auto-recharge needs you: confirm the payment with your bank",
        new Dictionary<string, object?>
        {
            [nameof(RechargeAuthenticationMail.Price)] = AmountFormat.Cents(attempt.PriceCents),
            [nameof(RechargeAuthenticationMail.Bought)] = AmountFormat.Text(attempt.Amount + attempt.Bonus),
            [nameof(RechargeAuthenticationMail.ExpiresAt)] = attempt.LinkExpiresAt,
            [nameof(RechargeAuthenticationMail.Link)] = Link(ConfirmPath(attempt.Id)),
        },
        key: $"recharge-authentication:{attempt.Id}");

    /// <summary>Nothing more is charged until a person or a payment clears it.</summary>
    public void Paused(UnitOfWork unit, RechargeRule rule, RechargeAttempt attempt)
    {
        mailer.End(unit, rule.TenantId, "recharge_declined"); // the pause says it all
        mailer.Enqueue<RechargePausedMail>(
            unit, rule.TenantId, "recharge_paused", "Auto-recharge is paused",
            new Dictionary<string, object?>
            {
                [nameof(RechargePausedMail.Why)] = rule.ConsecutiveFailures == 1
                    ? $"Your card was declined and cannot be used any more. {Reason(attempt)}"
                    : $"{rule.ConsecutiveFailures} attempts in a row have failed. {Reason(attempt)}",
                [nameof(RechargePausedMail.WhatToDo)] =
                    "Add another card, or buy credits with one that works; both start auto-recharge again.",
                [nameof(RechargePausedMail.GraceUntil)] = rule.GraceUntil,
                [nameof(RechargePausedMail.LinkText)] = "Add a card",
                [nameof(RechargePausedMail.Link)] = Link("/cards"),
            },
            key: $"recharge-paused:{attempt.Id}",
            text: $"{Reason(attempt)} Nothing is charged until you add a card or buy credits.{Grace(rule)}");
    }

    /// <summary>Usage far outside the tenant's habit: a person is asked whether it is meant.</summary>
    public void Braked(UnitOfWork unit, RechargeRule rule, UsagePace pace) => mailer.Enqueue<RechargePausedMail>(
        unit, rule.TenantId, "recharge_paused", "Auto-recharge is paused: unusual usage",
        new Dictionary<string, object?>
        {
            [nameof(RechargePausedMail.Why)] =
                $"In the last hour {AmountFormat.Text(pace.LastHour)} were used; a usual hour takes "
                + $"{AmountFormat.Text(pace.MedianHour!.Value)}. "
                + "So that a stolen key cannot run up your card, nothing is charged until you say that this is meant.",
            [nameof(RechargePausedMail.WhatToDo)] =
                "If it is, confirm it and recharging goes on. If not, revoke your API keys first.",
            [nameof(RechargePausedMail.LinkText)] = "Look at it",
            [nameof(RechargePausedMail.Link)] = Page,
        },
        key: $"recharge-braked:{rule.TenantId}:{rule.PausedAt!.Value.UtcDateTime:yyyyMMddHHmmss}");

    /// <summary>The highest of 80, 90 and 100 % that is reached and was not told yet this month.</summary>
    public void LimitReached(UnitOfWork unit, RechargeRule rule, long spentCents, int percent, DateTimeOffset now)
    {
        var month = SpendingMonth.Of(now);
        var (name, told) = (DateOnly.FromDateTime(month.Start.UtcDateTime), rule.LimitWarnedPercent);
        var reached = options.WarnPercents.Where(step => step <= percent).DefaultIfEmpty(0).Max();
        if (reached == 0)
        {
            LimitOver(unit, rule); // a new month, or a higher limit
        }

        if (reached == 0 || (rule.LimitWarnedMonth == name && told >= reached))
        {
            return;
        }

        (rule.LimitWarnedMonth, rule.LimitWarnedPercent) = (name, reached);
        mailer.Enqueue<RechargeLimitMail>(
            unit, rule.TenantId, "recharge_limit", $"Auto-recharge: {reached}% of your monthly limit is used",
            new Dictionary<string, object?>
            {
                [nameof(RechargeLimitMail.Spent)] = AmountFormat.Cents(spentCents),
                [nameof(RechargeLimitMail.Limit)] = AmountFormat.Cents(rule.MonthlyLimitCents ?? 0),
                [nameof(RechargeLimitMail.IsReached)] = reached >= 100,
                [nameof(RechargeLimitMail.ResetsAt)] = month.End,
                [nameof(RechargeLimitMail.Link)] = Page,
            },
            key: $"recharge-limit:{rule.TenantId}:{name:yyyyMM}:{rule.MonthlyLimitCents}:{reached}");
    }

    /// <summary>A recharge is likely soon, and people wanted to hear of it before.</summary>
    public void Ahead(UnitOfWork unit, RechargeRule rule, RechargeOrder order, SavedCard card, DateTimeOffset due) =>
        mailer.Enqueue<RechargeAheadMail>(
            unit, rule.TenantId, MailKinds.RechargeAhead,
            $"Auto-recharge will charge {AmountFormat.Cents(order.PriceCents)} around {MailTime.Text(due)}",
            new Dictionary<string, object?>
            {
                [nameof(RechargeAheadMail.Threshold)] = AmountFormat.Text(rule.Threshold),
                [nameof(RechargeAheadMail.Price)] = AmountFormat.Cents(order.PriceCents),
                [nameof(RechargeAheadMail.Card)] = CardNames.Of(card),
                [nameof(RechargeAheadMail.Bought)] = AmountFormat.Text(order.Total),
                [nameof(RechargeAheadMail.DueAt)] = due,
                [nameof(RechargeAheadMail.Link)] = Page,
            },
            key: $"recharge-ahead:{rule.TenantId}:{rule.NoticedAt!.Value.UtcDateTime:yyyyMMddHHmmss}",
            text: $"With {CardNames.Of(card)}. Switch auto-recharge off or change its rule if you do not want that.");

    /// <summary>Smart mode moved threshold or amount noticeably.</summary>
    public void Adjusted(UnitOfWork unit, RechargeRule rule, RechargeAdjustment change, RechargeOrder? largest) =>
        mailer.Enqueue<RechargeAdjustedMail>(
            unit, rule.TenantId, MailKinds.RechargeAdjusted,
            $"Smart mode: recharges below {AmountFormat.Text(change.Threshold)} from now on",
            new Dictionary<string, object?>
            {
                [nameof(RechargeAdjustedMail.Threshold)] = AmountFormat.Text(change.Threshold),
                [nameof(RechargeAdjustedMail.ThresholdBefore)] = AmountFormat.Text(change.ThresholdBefore),
                [nameof(RechargeAdjustedMail.Bought)] = AmountFormat.Text(change.Amount),
                [nameof(RechargeAdjustedMail.BoughtBefore)] = AmountFormat.Text(change.AmountBefore),
                [nameof(RechargeAdjustedMail.Most)] = largest is null ? null : AmountFormat.Cents(largest.PriceCents),
                [nameof(RechargeAdjustedMail.Why)] = change.Reason,
                [nameof(RechargeAdjustedMail.Link)] = Page,
            },
            key: $"recharge-adjusted:{change.Id}", text: change.Reason);

    /// <summary>
    /// Takes down the banners of what is over: the history keeps them. A brake on a spike is over when a person says so.
    /// </summary>
    public void Over(UnitOfWork unit, RechargeRule rule)
    {
        if (!rule.Enabled || rule.PausedReason is null)
        {
            mailer.End(unit, rule.TenantId, "recharge_paused");
        }

        if (!rule.Enabled || rule.ConsecutiveFailures == 0)
        {
            mailer.End(unit, rule.TenantId, "recharge_declined");
        }
    }

    /// <summary>The attempt no longer waits for its cardholder.</summary>
    public void Answered(UnitOfWork unit, RechargeAttempt attempt) =>
        mailer.End(unit, attempt.TenantId, "recharge_authentication", $"recharge-authentication:{attempt.Id}");

    /// <summary>The month's spending is below every warning again: a new month, or another limit.</summary>
    public void LimitOver(UnitOfWork unit, RechargeRule rule) => mailer.End(unit, rule.TenantId, "recharge_limit");

    /// <summary>The page that finishes an attempt's payment with the cardholder.</summary>
    public static string ConfirmPath(Guid attemptId) => $"/auto-recharge/confirm/{attemptId}";

    private static string Grace(RechargeRule rule) => rule.GraceUntil is { } until
        ? $" Phone numbers whose rent falls due stay in service until {MailTime.Text(until)}." : "";

    private string Page => Link("/auto-recharge");

    private string Link(string path) => app.Value.Link(path).ToString();

    private static string Reason(RechargeAttempt attempt) => RechargeTexts.Decline(attempt.DeclineCode);
}
