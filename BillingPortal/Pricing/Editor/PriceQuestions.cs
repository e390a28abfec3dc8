using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Pricing.Editor;

/// <summary>What the editor asks before it saves: what will happen, in figures.</summary>
internal static class PriceQuestions
{
    public static ChargeQuestion OfChange(PriceKey key, string? tenant, PricePreview preview)
    {
        var row = preview.Row!;
        var name = PriceText.NameOf(key.Service);
        var who = tenant is null ? $"every tenant of the {PriceText.NameOf(key.Plan)} without a price of its own" : tenant;
        var span = PriceText.Span(row.ValidFrom, row.ValidUntil);
        List<KeyValuePair<string, string>> facts =
        [
            new("Price before", PriceText.Of(preview.Before)),
            new("New price", PriceText.Of(row)),
            new("Holds", span),
        ];
        if (preview.Effect is { } effect)
        {
            facts.Add(new($"{MonthOf(effect)} at the price before", AmountFormat.Text(effect.Before)));
            facts.Add(new($"{MonthOf(effect)} at the new price", AmountFormat.Text(effect.After)));
            facts.Add(new("Difference", AmountFormat.Change(effect.Difference)));
        }

        var sentence = row.IsOffered
            ? $"{name} will cost {who} {PriceText.Of(row)}, {span}. What happened before keeps its price. {Counted(key, preview)}"
            : $"{name} will not be offered to {who}, {span}: events are refused from then on. {Counted(key, preview)}";
        return new ChargeQuestion(
            row.IsOffered ? $"Change the price of {name}?" : $"Stop offering {name}?", sentence, facts,
            row.IsOffered ? "Change the price" : "Stop offering it", IsDestructive: !row.IsOffered);
    }

    public static ChargeQuestion OfRemoval(PriceLine line, PriceRow row, string? tenant, DateTimeOffset soonest)
    {
        var name = PriceText.NameOf(line.Key.Service) + (tenant is null ? "" : $" for {tenant}");
        var isToCome = row.ValidFrom >= soonest;
        return new ChargeQuestion(
            isToCome ? $"Withdraw the scheduled price of {name}?" : $"End this price of {name}?",
            isToCome
                ? $"{PriceText.Of(row)} will not take effect at {PriceText.Moment(row.ValidFrom)}; the price before it goes on."
                : $"{PriceText.Of(row)} ends at {PriceText.Moment(soonest)}; the general price counts from then on. "
                    + "What happened before keeps its price.",
            [new("Price", PriceText.Of(row)), new("Was to hold", PriceText.Span(row.ValidFrom, row.ValidUntil))],
            isToCome ? "Withdraw it" : "End it", IsDestructive: true);
    }

    public static string MonthOf(PriceEffect effect) => effect.Month.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Counted(PriceKey key, PricePreview preview) => preview.Effect is { } effect
        ? $"In {MonthOf(effect)} it would have concerned {PriceText.Count(effect.Events, PriceText.EventNounOf(key.Service))} "
            + $"of {PriceText.Count(effect.Tenants, "tenant")}."
        : "Its effect on last month could not be counted in time.";
}
