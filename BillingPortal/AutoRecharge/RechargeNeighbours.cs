using BillingPortal.Cards;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>What the rooms below ask of auto-recharge, through doors of their own.</summary>
internal sealed class RechargeNeighbours(
    Database database, PackageReader packages, TimeProvider clock, IOptions<CardsOptions> cardsOptions,
    RechargeOptions options)
    : IRechargeSwitch, ICardUse
{
    public async Task<bool> IsOnAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<RechargeRule>().AnyAsync(rule => rule.TenantId == tenantId
            && rule.Enabled, cancellationToken);
    }

    public async Task<string> WhatSwitchingOnDoesAsync(
        Guid tenantId, Amount bought, int priceCents, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var saved = await unit.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Unit == bought.Unit, cancellationToken);
        var rule = saved ?? RechargeRuleBuilder.New(
            tenantId, bought.Unit, RechargeDoor.Portal, options, clock.GetUtcNow());
        (rule.Size, rule.PackageId, rule.AmountE4) = (RechargeSize.Amount, null, bought.E4);
        var largest = RechargeSizing.Largest(
            rule, await packages.ListAsync(cancellationToken), options)?.PriceCents ?? priceCents;
        return $"Whenever your balance falls below {AmountFormat.Text(rule.Threshold)}, {AmountFormat.Text(bought)} are "
            + $"bought with this card, for at most {AmountFormat.Cents(largest)} at a time. "
            + "You can change or stop this at any time.";
    }

    public async Task<string?> WhatStopsWithoutAsync(Guid tenantId, Guid cardId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var rule = await unit.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.Enabled, cancellationToken);
        if (rule is null)
        {
            return null;
        }

        var cards = await CardRows.KeptAsync(unit, tenantId, cancellationToken);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var usable = SituationReader.InOrder(rule, cards, today, cardsOptions.Value.ExpiryNoticeDays).ToList();
        return usable is [{ } last] && last.Id == cardId
            ? $"Auto-recharge has no other card: when your balance falls below {AmountFormat.Text(rule.Threshold)}, "
                + "nothing will be charged."
            : null;
    }
}
