using BillingPortal.Components.Shared;
using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>Whether a change of a package makes sense, and what it does to the rows. Pure but for a new row's id.</summary>
public static class PackagePolicy
{
    /// <summary>As the database says.</summary>
    public const long CreditsMax = 1_000_000;

    private const string Busy = "Withdraw that change first, or choose a later moment.";

    public static PackageVerdict Judge(PackageChange change, PackageBoard board, DateTimeOffset soonest, PricingOptions options)
    {
        var from = change.From ?? soonest;
        var line = change.CodeOrNew is { } code ? board.Find(code) : null;
        if (change.Kind is not PackageChangeKind.Add && line is null)
        {
            return PackageVerdict.Refused("There is no such package.");
        }

        if (change.Kind is not PackageChangeKind.Undo && EditTimes.Refuse(from, soonest) is { } refusal)
        {
            return PackageVerdict.Refused(refusal);
        }

        return change.Kind switch
        {
            PackageChangeKind.Add => Add(change, line, from, options),
            PackageChangeKind.Reprice => Reprice(change, line!, from, options),
            PackageChangeKind.Withdraw => Withdraw(line!, board, from),
            PackageChangeKind.Undo => Undo(line!, board, soonest),
        };
    }

    private static PackageVerdict Add(PackageChange change, PackageLine? line, DateTimeOffset from, PricingOptions options)
    {
        if (change.Credits is not (> 0 and <= CreditsMax))
        {
            return PackageVerdict.Refused($"Enter how many credits it brings: a whole number up to {CreditsMax:N0}.");
        }

        var credits = change.Credits.Value;
        if (PriceRefusal(change.PriceCents, options) is { } refusal)
        {
            return PackageVerdict.Refused(refusal);
        }

        return line is not null && (line.Last.ValidUntil is not { } end || end > from)
            ? PackageVerdict.Refused($"A package of {credits:N0} credits is on sale or scheduled already: change its price instead.")
            : new PackageVerdict(line, null, null, null, Row(change.CodeOrNew!, credits, change.PriceCents!.Value, from), from, null);
    }

    private static PackageVerdict Reprice(PackageChange change, PackageLine line, DateTimeOffset from, PricingOptions options) =>
        PriceRefusal(change.PriceCents, options) is { } refusal ? PackageVerdict.Refused(refusal)
        : EndRefusal(line, from) is { } busy ? PackageVerdict.Refused(busy)
        : line.Last.PriceCents == change.PriceCents
            ? PackageVerdict.Refused($"It costs {AmountFormat.Cents(line.Last.PriceCents)} then already: nothing would change.")
        : new PackageVerdict(line, null, line.Last, from, Row(line.Code, line.Credits, change.PriceCents!.Value, from), from, null);

    private static PackageVerdict Withdraw(PackageLine line, PackageBoard board, DateTimeOffset from)
    {
        if (EndRefusal(line, from) is { } busy)
        {
            return PackageVerdict.Refused(busy);
        }

        var verdict = new PackageVerdict(line, null, line.Last, from, null, from, null);
        return LeavesNothing(verdict.Apply(board), from) ?? verdict;
    }

    // What is scheduled last goes first: an end that has not come, else a row that has not begun, whose forerunner then goes on.
    private static PackageVerdict Undo(PackageLine line, PackageBoard board, DateTimeOffset soonest)
    {
        var last = line.Last;
        if (last.ValidUntil is { } end)
        {
            return end >= soonest
                ? new PackageVerdict(line, null, last, null, null, end, null)
                : PackageVerdict.Refused("It is not on sale any more. Add it again.");
        }

        if (last.ValidFrom < soonest)
        {
            return PackageVerdict.Refused("Nothing is scheduled for it, or too late to take it back: change its price instead.");
        }

        var forerunner = line.Rows.FirstOrDefault(row => row.ValidUntil == last.ValidFrom);
        var verdict = new PackageVerdict(line, last, forerunner, null, null, last.ValidFrom, null);
        return LeavesNothing(verdict.Apply(board), last.ValidFrom) ?? verdict;
    }

    private static PackageVerdict? LeavesNothing(PackageBoard after, DateTimeOffset from) => after.OnSaleAt(from).Count > 0
        ? null
        : PackageVerdict.Refused(
            "At least one package must stay on sale: any other number of credits is priced by the packages, and auto-recharge "
            + "buys them.");

    // Only the newest row can be ended, and not before it began.
    private static string? EndRefusal(PackageLine line, DateTimeOffset from) => line.Last switch
    {
        { ValidUntil: { } end } when end <= line.At => "It is not on sale any more. Add it again.",
        { ValidUntil: { } end } => $"It is withdrawn at {PriceText.Moment(end)}. {Busy}",
        { ValidFrom: var begin } when begin >= from => $"A change of it is scheduled for {PriceText.Moment(begin)}. {Busy}",
        _ => null,
    };

    private static string? PriceRefusal(int? cents, PricingOptions options) => cents switch
    {
        null => "Enter the price in dollars and cents.",
        { } price when !options.AllowsCustom(price) =>
            $"The price must lie between {AmountFormat.Cents(options.CustomMinCents)} and {AmountFormat.Cents(options.CustomMaxCents)}.",
        _ => null,
    };

    private static CreditPackage Row(string code, long credits, int cents, DateTimeOffset from) =>
        new(Ids.New(), code, credits, cents) { ValidFrom = from };
}
