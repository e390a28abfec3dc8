using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Settlement;

/// <summary>What was used of one service in one month's reservation.</summary>
/// <param name="Quantity">Minutes, messages, pages …; as far as the details are kept.</param>
public sealed record RatedUse(string Service, decimal Quantity, int Events, Amount Amount);

/// <summary>The same by the rate in words: what a statement lists.</summary>
public sealed record RatedLine(string Service, string? Rate, decimal Quantity, int Events, int LateEvents, Amount Amount);

/// <summary>What one month is settled for, by service and rate.</summary>
/// <param name="Billing">Null until it is settled.</param>
public sealed record SettledMonth(BillingMonth Month, IReadOnlyList<RatedLine> Lines, MonthlyBilling? Billing)
{
    public Amount Amount => Lines.Aggregate(Amount.Zero(Unit.Usd), (sum, line) => sum + line.Amount);

    public int LateEvents => Lines.Sum(line => line.LateEvents);
}

/// <summary>A month that is reserved and not settled yet.</summary>
public sealed record OpenMonth(BillingMonth Month, Amount Reserved);

/// <summary>Where one tenant's running month stands.</summary>
/// <param name="Open">Reserved and not settled: this month, a last one before its settlement, a next one after an early one.</param>
/// <param name="Services">Of all that is open, the dearest first.</param>
/// <param name="GivenBack">Of what is open, already credited again by entries of their own: messages that did not arrive.</param>
/// <param name="History">Settled months, the newest first.</param>
public sealed record MonthlyStatus(
    Unit Plan, SettlementMode Mode, BillingMonth Month, IReadOnlyList<OpenMonth> Open, IReadOnlyList<RatedUse> Services,
    int LateEvents, Amount GivenBack, IReadOnlyList<MonthlyBilling> History)
{
    public Amount Reserved => Open.Aggregate(Amount.Zero(Unit.Usd), (sum, month) => sum + month.Reserved);

    public int Events => Services.Sum(service => service.Events);

    /// <summary>The running month's own settlement, when it was closed early.</summary>
    public MonthlyBilling? Closed => History.FirstOrDefault(billing => billing.Month == Month.First);
}

/// <summary>All tenants together.</summary>
/// <param name="Tenants">Those with something open, the largest first; cut off at <see cref="SettlementReader.TenantsMax"/>.</param>
public sealed record SettlementTotals(
    BillingMonth Month, int OpenTenants, Amount Reserved, int DueTenants, Amount Due, int SettledTenants, Amount Settled,
    IReadOnlyList<TenantMonth> Tenants);

/// <summary>One tenant's open month.</summary>
public sealed record TenantMonth(string Tenant, BillingMonth Month, Amount Reserved);
