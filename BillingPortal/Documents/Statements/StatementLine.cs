using System.Text.Json.Serialization;
using BillingPortal.Documents;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Settlement;
using BillingPortal.Wallet;

namespace BillingPortal.Documents.Statements;

/// <summary>The parts of a statement, in their order on paper. Every kind of entry belongs to exactly one.</summary>
public enum StatementSection
{
    TopUps = 1,
    Usage,
    Captures,
    Numbers,
    Refunds,
    Disputes,
    Adjustments,
    Settlement,
    Debt,
}

/// <summary>
/// Entries of one kind, service and rate of a month, added up. All lines of a statement together are all of its
/// entries.
/// </summary>
/// <param name="Text">What they are, in words.</param>
/// <param name="Events">How many entries; of a settlement, how many uses.</param>
/// <param name="Quantity">How much was used, where that is known.</param>
/// <param name="Measure">What the quantity counts: minutes, messages.</param>
/// <param name="Rate">The price in words, as it was then.</param>
/// <param name="AmountE4">Signed: what came in is positive.</param>
/// <param name="Heading">Of a settlement, the month it is of; null where the section says it all.</param>
public sealed record StatementLine(
    StatementSection Section, string Text, string? Service, long Events, decimal? Quantity, string? Measure,
    string? Rate, long AmountE4, string? Heading = null)
{
    /// <summary>Under which it stands on paper.</summary>
    [JsonIgnore]
    public string Group => Heading ?? StatementLines.NameOf(Section);
}

/// <summary>How entries become lines. Pure.</summary>
internal static class StatementLines
{
    public static StatementSection SectionOf(EntryKind kind) => kind switch
    {
        EntryKind.Purchase or EntryKind.Invoice or EntryKind.Bonus => StatementSection.TopUps,
        EntryKind.Usage => StatementSection.Usage,
        EntryKind.HoldCapture => StatementSection.Captures,
        EntryKind.Rent or EntryKind.SetUp => StatementSection.Numbers,
        EntryKind.Refund => StatementSection.Refunds,
        EntryKind.Dispute => StatementSection.Disputes,
        EntryKind.Adjustment or EntryKind.Expiry or EntryKind.Correction => StatementSection.Adjustments,
        EntryKind.Settlement => StatementSection.Settlement,
        EntryKind.DebtRepayment => StatementSection.Debt,
    };

    /// <summary>A settlement is usage, and stands beside it.</summary>
    public static int OrderOf(StatementSection section) =>
        (int)(section is StatementSection.Settlement ? StatementSection.Numbers : section);

    public static string NameOf(StatementSection section) => section switch
    {
        StatementSection.TopUps => "Top-ups",
        StatementSection.Usage => "Usage",
        StatementSection.Captures => "Usage that was reserved first",
        StatementSection.Numbers => "Phone numbers",
        StatementSection.Refunds => "Refunds",
        StatementSection.Disputes => "Disputed payments",
        StatementSection.Adjustments => "Adjustments",
        StatementSection.Settlement => "Monthly settlement",
        StatementSection.Debt => "Debt",
    };

    public static StatementLine Of(EntryGroup group, Unit unit)
    {
        var isCounted = group.Service is { } counted && !ServiceCodes.TakesFractions(counted) && IsUse(group.Kind);
        var quantity = group.Quantity ?? (isCounted ? group.Events : null);
        return new StatementLine(
            SectionOf(group.Kind), TextOf(group), group.Service, group.Events, quantity,
            quantity is { } much && group.Service is { } service ? MeasureOf(service, much) : null,
            group.Rate ?? (isCounted ? RateOf(group, unit) : null), group.AmountE4);
    }

    /// <summary>What one settlement is made of; null where that is not known.</summary>
    public static IReadOnlyList<StatementLine>? Of(EntryGroup group, BillingMonth month, IReadOnlyList<RatedLine> uses)
    {
        var lines = UsesOf(uses, $"Usage of {month.Name}, settled on {DocumentText.Day(group.PostedAt)}");
        return lines.Sum(line => line.AmountE4) == group.AmountE4 ? lines : null;
    }

    /// <summary>What is reserved with a month whose settlement is still to come, or in a later statement.</summary>
    public static IReadOnlyList<StatementLine> Reserved(BillingMonth month, IReadOnlyList<RatedLine> uses) =>
        UsesOf(uses, $"Usage of {month.Name}, settled on {DocumentText.Day(month.SettlesAt)}");

    private static StatementLine[] UsesOf(IReadOnlyList<RatedLine> uses, string heading) =>
    [
        .. uses.Select(use => new StatementLine(
            StatementSection.Settlement,
            ServiceNames.Of(use.Service) + (use.LateEvents > 0 ? $", {DocumentText.Count(use.LateEvents)} of earlier months" : ""),
            use.Service, use.Events, use.Quantity > 0 ? use.Quantity : null,
            use.Quantity > 0 ? MeasureOf(use.Service, use.Quantity) : null, use.Rate, -use.Amount.E4, heading)),
    ];

    private static bool IsUse(EntryKind kind) =>
        SectionOf(kind) is StatementSection.Usage or StatementSection.Captures or StatementSection.Numbers;

    // Without its details a price is what every entry cost, if they all cost the same.
    private static string? RateOf(EntryGroup group, Unit unit)
    {
        var price = DocumentText.WithUnit(new Amount(Math.Abs(group.LeastE4), unit));
        return group.LeastE4 == group.MostE4 ? $"{price} per {ServiceCodes.UnitNameOf(group.Service!)}" : null;
    }

    private static string MeasureOf(string service, decimal quantity) =>
        ServiceCodes.UnitNameOf(service) + (quantity == 1 ? "" : "s");

    private static string TextOf(EntryGroup group)
    {
        var service = group.Service is { } code ? ServiceNames.Of(code) : null;
        return (group.Kind, group.IsIn) switch
        {
            (EntryKind.Purchase, _) => "Payments",
            (EntryKind.Invoice, _) => "Bought on invoice",
            (EntryKind.Usage or EntryKind.HoldCapture or EntryKind.Rent or EntryKind.SetUp, _) =>
                service ?? TransactionText.Name(group.Kind),
            (EntryKind.Refund, true) => service is null ? "Refunds that did not go through" : $"Given back: {service}",
            (EntryKind.Refund, false) => "Payments refunded",
            (EntryKind.Dispute, true) => "Disputes decided for you",
            (EntryKind.Dispute, false) => "Payments disputed",
            _ => service is null ? TransactionText.Name(group.Kind) : $"{TransactionText.Name(group.Kind)}: {service}",
        };
    }
}

/// <summary>What the database adds up: entries of one kind, service, direction and rate; each settlement by itself.</summary>
/// <param name="Month">Of a settlement, like 2026-11.</param>
/// <param name="PostedAt">Of the last one.</param>
internal sealed record EntryGroup(
    EntryKind Kind, string? Service, bool IsIn, string? Rate, string? Month, long Events, decimal? Quantity,
    long AmountE4, long LeastE4, long MostE4, DateTimeOffset PostedAt);
