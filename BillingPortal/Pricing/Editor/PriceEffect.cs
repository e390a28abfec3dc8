using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// What a change would have made of last month: its usage, rated at the price that would be replaced and at the new one. An
/// estimate of the future by the past; nobody is charged anything by it.
/// </summary>
/// <param name="Month">The first day of the last full month, UTC.</param>
/// <param name="Events">How many events were rated.</param>
/// <param name="Tenants">How many tenants they belong to.</param>
/// <param name="Before">All of them at the price that is replaced.</param>
/// <param name="After">All of them at the new price; nothing where it is not offered any more.</param>
/// <param name="Top">The tenants whom it changes most, in either direction.</param>
/// <param name="OwnPrices">How many tenants have a price of their own then and are not concerned.</param>
public sealed record PriceEffect(
    DateOnly Month, long Events, long Tenants, Amount Before, Amount After, IReadOnlyList<TenantEffect> Top, long OwnPrices)
{
    public Amount Difference => After - Before;
}

/// <summary>The effect on one tenant.</summary>
public sealed record TenantEffect(string Name, string Slug, long Events, Amount Before, Amount After)
{
    public Amount Difference => After - Before;
}

/// <summary>A change as it would be saved, with its effect; or why it cannot be.</summary>
/// <param name="Refusal">Null when it can be saved.</param>
/// <param name="Before">The price that it replaces; null where there is none.</param>
/// <param name="Row">The price as it would be written; null when refused.</param>
/// <param name="Effect">Null when refused, or when counting took too long.</param>
/// <param name="Later">Changes of the same price that are scheduled for later and stay.</param>
public sealed record PricePreview(
    EditResult? Refusal, PriceRow? Before, PriceRow? Row, PriceEffect? Effect, IReadOnlyList<PriceRow> Later)
{
    internal static PricePreview Refused(EditResult refusal) => new(refusal, Before: null, Row: null, Effect: null, []);
}
