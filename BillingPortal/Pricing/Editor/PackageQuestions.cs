using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Pricing.Editor;

/// <summary>What the packages' page asks before it saves: what will happen, in figures.</summary>
internal static class PackageQuestions
{
    public static ChargeQuestion Of(PackageChange change, PackagePreview preview)
    {
        var verdict = preview.Verdict!;
        var at = PriceText.Moment(verdict.From);
        List<KeyValuePair<string, string>> facts = [];
        if (verdict is { Line: { } line, Insert: not null })
        {
            facts.Add(new("Price before", PriceOf(line.Last)));
        }

        if (verdict.Insert is { } row)
        {
            facts.Add(new("New price", PriceOf(row)));
        }

        facts.Add(new("From", at));
        AddSales(facts, preview);
        return change.Kind switch
        {
            PackageChangeKind.Add => new(
                $"Sell {verdict.Insert!.Credits:N0} credits?", $"Everybody on the credits plan can buy them from {at}.", facts,
                "Put it on sale"),
            PackageChangeKind.Reprice => new(
                $"Change the price of {verdict.Line!.Credits:N0} credits?",
                $"Whoever starts a purchase from {at} on pays the new price. {Recharges(preview)}", facts, "Change the price"),
            PackageChangeKind.Withdraw => new(
                $"Stop selling {verdict.Line!.Credits:N0} credits?",
                $"It cannot be bought from {at} on. Purchases that have begun keep it. {Recharges(preview)}", facts, "Stop selling it",
                IsDestructive: true),
            PackageChangeKind.Undo => new(
                "Withdraw this change?",
                verdict.Remove is { } removed
                    ? $"{PackageWarnings.Name(removed)} does not begin at {at}; what is on sale before it goes on."
                    : $"{verdict.Line!.Credits:N0} credits stay on sale after {at}.",
                facts, "Withdraw it", IsDestructive: true),
        };
    }

    public static string MonthOf(PackageSales sales) => sales.Month.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    private static string PriceOf(CreditPackage package) =>
        $"{AmountFormat.Cents(package.PriceCents)}, {PackageWarnings.PerCredit(package)} per credit";

    // Rules name a row; one that is not sold any more is replaced by the cheapest way to as many credits.
    private static string Recharges(PackagePreview preview) => preview.Sales is { RechargeRules: > 0 and var rules }
        ? $"{PriceText.Count(rules, "tenant")} with auto-recharge by this package: from then on charged for the cheapest way "
            + "to as many credits."
        : "";

    private static void AddSales(List<KeyValuePair<string, string>> facts, PackagePreview preview)
    {
        if (preview.Sales is not { } sales)
        {
            return;
        }

        facts.Add(new($"Sold in {MonthOf(sales)}", $"{PriceText.Count(sales.Count, "time")}, {AmountFormat.Cents(sales.Cents)}"));
        if (preview.Verdict!.Insert is { } row && sales.Count > 0)
        {
            facts.Add(new("As often at the new price", AmountFormat.Cents(sales.Count * row.PriceCents)));
        }
    }
}
