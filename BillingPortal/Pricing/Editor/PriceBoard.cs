using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>The price list of one plan and the tenants' own prices beside it, as they are at one moment.</summary>
/// <param name="Plan">Whose list.</param>
/// <param name="At">When it was read.</param>
/// <param name="Lines">Every service of the list, in its order.</param>
/// <param name="Own">Prices of single tenants that are in force, to come, or lately over; by tenant and service.</param>
/// <param name="HasMoreOwn">There are more than are shown.</param>
public sealed record PriceBoard(
    Unit Plan, DateTimeOffset At, IReadOnlyList<PriceLine> Lines, IReadOnlyList<OwnPriceLine> Own, bool HasMoreOwn);

/// <summary>One tenant's own price of one service.</summary>
public sealed record OwnPriceLine(PriceLine Line, string TenantName, string TenantSlug);

/// <summary>A tenant to choose.</summary>
public sealed record TenantChoice(Guid Id, string Name, string Slug, Unit Plan);
