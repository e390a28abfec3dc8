using BillingPortal.Kernel;

namespace BillingPortal.Pricing;

/// <summary>What to buy for a wished number of credits or dollars. Pure: no I/O, no clock, never charges.</summary>
public static class PackageMatcher
{
    /// <summary>Above this many credits per custom purchase the request is nonsense; keeps the arithmetic within 64 bits.</summary>
    private const long CustomCreditsMax = 1_000_000_000;

    /// <summary>More cells than this are not searched: what is above is filled with the best package first.</summary>
    private const long CellsMax = 1_000_000;

    /// <summary>
    /// The cheapest set of packages that brings at least <paramref name="atLeast"/> credits; of equally cheap ones the one with
    /// more credits. Null when nothing is for sale. Exact up to a million times the packages' common divisor, and beyond it too
    /// unless the packages are both large and odd (then the excess is filled with the best-priced package).
    /// </summary>
    public static PackageSet? CheapestFor(IReadOnlyCollection<CreditPackage> packages, Amount atLeast)
    {
        if (atLeast.Unit != Unit.Credits)
        {
            throw new ArgumentException("Packages bring credits, not dollars.", nameof(atLeast));
        }

        if (packages.Count == 0)
        {
            return null;
        }

        var choices = packages.OrderByDescending(package => package.Credits).ThenBy(package => package.PriceCents).ToArray();
        var wanted = Math.Max(1, DivideUp(atLeast.E4, Amount.Scale));
        // All packages are multiples of this step, so nothing between two steps can matter.
        var step = choices.Aggregate(0L, (divisor, package) => GreatestCommonDivisor(divisor, package.Credits));
        var (bulk, cells) = TakeBulk(choices, step, DivideUp(wanted, step));
        return Collect(choices, bulk, Search(choices, step, cells));
    }

    /// <summary>
    /// Whole credits for an amount in dollars: amount ÷ unit price of the dearest package whose price is within the amount (the
    /// smallest package if none is), rounded down. Null for parts of a cent, for less than one credit, when nothing is for sale.
    /// </summary>
    public static CustomPurchase? ForAmount(IReadOnlyCollection<CreditPackage> packages, decimal usd)
    {
        if (packages.Count == 0 || usd is <= 0 or > int.MaxValue / 100 || decimal.Truncate(usd * 100) != usd * 100)
        {
            return null;
        }

        var cents = decimal.ToInt32(usd * 100);
        var tiers = Tiers(packages);
        var tier = tiers.LastOrDefault(package => package.PriceCents <= cents) ?? tiers[0];
        var credits = (long)cents * tier.Credits / tier.PriceCents;
        return credits > 0 ? new CustomPurchase(credits, cents, tier) : null;
    }

    /// <summary>
    /// The price of a number of credits, rounded up to the cent: the least amount for which <see cref="ForAmount"/> gives that
    /// many, so that fewer credits never cost more. Null for less than one credit and when nothing is for sale.
    /// </summary>
    public static CustomPurchase? ForCredits(IReadOnlyCollection<CreditPackage> packages, long credits)
    {
        if (packages.Count == 0 || credits is < 1 or > CustomCreditsMax)
        {
            return null;
        }

        var tiers = Tiers(packages);
        for (var i = 0; i < tiers.Length; i++)
        {
            // Tier i prices the amounts from its own price (the first: from one cent) up to the next tier's.
            var lowest = i == 0 ? 1 : tiers[i].PriceCents;
            var highest = i + 1 < tiers.Length ? tiers[i + 1].PriceCents - 1 : int.MaxValue;
            var price = Math.Max(lowest, DivideUp(credits * tiers[i].PriceCents, tiers[i].Credits));
            if (price <= highest)
            {
                return new CustomPurchase(credits, (int)price, tiers[i]);
            }
        }

        return null;
    }

    // By price; of packages with one price only the one with the most credits counts.
    private static CreditPackage[] Tiers(IEnumerable<CreditPackage> packages) =>
        [.. packages.GroupBy(package => package.PriceCents).OrderBy(group => group.Key)
            .Select(group => group.MaxBy(package => package.Credits)!)];

    // Of the packages other than the best-priced one, fewer than best ÷ step are ever needed: among that many some add up to a
    // multiple of the best one and could be swapped for it. So whatever is wanted above that many of the largest is the best one.
    private static ((CreditPackage Best, long Count) Bulk, long Cells) TakeBulk(
        CreditPackage[] choices, long step, long cells)
    {
        var best = choices.Aggregate((left, right) => IsBetter(right, left) ? right : left);
        var bestCells = best.Credits / step;
        var searched = Math.Min(CellsMax, (bestCells + 1) * (choices[0].Credits / step));
        var count = cells > searched ? DivideUp(cells - searched, bestCells) : 0;
        return ((best, count), cells - (count * bestCells));
    }

    private static bool IsBetter(CreditPackage left, CreditPackage right)
    {
        var byUnitPrice = (left.PriceCents * right.Credits).CompareTo(right.PriceCents * left.Credits);
        return byUnitPrice < 0 || (byUnitPrice == 0 && left.Credits > right.Credits);
    }

    // Covering knapsack: best[n] covers n cells; the choice that leads there is kept, so that the set can be read back.
    private static IEnumerable<CreditPackage> Search(CreditPackage[] choices, long step, long cells)
    {
        var best = new (long Price, long Credits, int Packages)[cells + 1];
        var taken = new short[cells + 1];
        for (var n = 1L; n <= cells; n++)
        {
            best[n] = (long.MaxValue, 0, 0);
            for (short i = 0; i < choices.Length; i++)
            {
                var rest = best[Math.Max(0, n - (choices[i].Credits / step))];
                var option = (
                    rest.Price + choices[i].PriceCents, rest.Credits + choices[i].Credits, rest.Packages + 1);
                if (IsCheaper(option, best[n]))
                {
                    (best[n], taken[n]) = (option, i);
                }
            }
        }

        for (var n = cells; n > 0; n -= choices[taken[n]].Credits / step)
        {
            yield return choices[taken[n]];
        }
    }

    private static bool IsCheaper(
        (long Price, long Credits, int Packages) left, (long Price, long Credits, int Packages) right) =>
        left.Price != right.Price ? left.Price < right.Price
        : left.Credits != right.Credits ? left.Credits > right.Credits
        : left.Packages < right.Packages;

    private static PackageSet Collect(
        CreditPackage[] choices, (CreditPackage Best, long Count) bulk, IEnumerable<CreditPackage> searched)
    {
        var counts = searched.CountBy(package => package).ToDictionary(pair => pair.Key, pair => (long)pair.Value);
        counts[bulk.Best] = counts.GetValueOrDefault(bulk.Best) + bulk.Count;
        var items = choices.Where(package => counts.GetValueOrDefault(package) > 0)
            .Select(package => new PackageCount(package, counts[package])).ToList();
        return new PackageSet(
            items, items.Sum(item => item.Package.Credits * item.Count), items.Sum(item => item.Package.PriceCents * item.Count));
    }

    private static long DivideUp(long value, long divisor) => value <= 0 ? 0 : ((value - 1) / divisor) + 1;

    private static long GreatestCommonDivisor(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
