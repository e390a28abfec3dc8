using BillingPortal.Kernel;
using BillingPortal.Pricing;

namespace BillingPortal.Tests.Pricing;

/// <summary>The choice of packages and the custom purchase, the search compared with brute force.</summary>
public sealed class PackageMatcherTests
{
    private static readonly CreditPackage[] Listed =
        [Package(50, 150), Package(100, 280), Package(250, 650), Package(500, 1200), Package(1000, 2200), Package(2500, 5000)];

    [Theory]
    [InlineData(1, 50, 150)]
    [InlineData(50, 50, 150)]
    [InlineData(51, 100, 280)]
    [InlineData(101, 150, 430)]
    [InlineData(151, 200, 560)]
    [InlineData(201, 250, 650)]
    [InlineData(251, 300, 800)]
    [InlineData(2300, 2500, 5000)]
    [InlineData(1_000_000, 1_000_000, 2_000_000)]
    public void The_cheapest_set_brings_at_least_what_is_wanted(long wanted, long credits, long priceCents)
    {
        var set = PackageMatcher.CheapestFor(Listed, Amount.Credits(wanted))!;

        Assert.Equal((credits, priceCents), (set.Credits, set.PriceCents));
    }

    [Fact]
    public void A_part_of_a_credit_counts_as_wanted() =>
        Assert.Equal(100, PackageMatcher.CheapestFor(Listed, Amount.Credits(50.0001m))!.Credits);

    [Fact]
    public void Of_equally_cheap_sets_the_one_with_more_credits_is_taken()
    {
        var set = PackageMatcher.CheapestFor([Package(100, 300), Package(110, 300)], Amount.Credits(90))!;

        Assert.Equal(110, set.Credits);
    }

    [Fact]
    public void A_set_names_each_package_once_with_its_count()
    {
        var set = PackageMatcher.CheapestFor(Listed, Amount.Credits(6_600))!;

        Assert.Equal(["2500 x 2", "1000 x 1", "500 x 1", "100 x 1"],
            set.Items.Select(item => $"{item.Package.Credits} x {item.Count}"));
    }

    [Fact]
    public void Nothing_for_sale_is_no_set()
    {
        Assert.Null(PackageMatcher.CheapestFor([], Amount.Credits(10)));
        Assert.Null(PackageMatcher.ForAmount([], 10));
        Assert.Null(PackageMatcher.ForCredits([], 10));
    }

    // 300 random price lists, each asked for a random number: the search must find exactly what trying every set finds.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_search_agrees_with_brute_force(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var packages = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => Package(random.Next(1, 40), random.Next(1, 60))).DistinctBy(p => p.Credits).ToArray();
            var wanted = random.Next(1, 400);

            var set = PackageMatcher.CheapestFor(packages, Amount.Credits(wanted))!;

            Assert.Equal(BruteForce(packages, wanted), (set.PriceCents, set.Credits));
            Assert.Equal(set.Credits, set.Items.Sum(item => item.Count * item.Package.Credits));
        }
    }

    // Far above every package: filling up with the best one first must not lose exactness.
    [Fact]
    public void Large_numbers_agree_with_brute_force()
    {
        var random = new Random(4);
        for (var round = 0; round < 40; round++)
        {
            var packages = Enumerable.Range(0, 3)
                .Select(_ => Package(random.Next(3, 12), random.Next(1, 30))).DistinctBy(p => p.Credits).ToArray();
            var wanted = random.Next(2_000, 3_000);

            var set = PackageMatcher.CheapestFor(packages, Amount.Credits(wanted))!;

            Assert.Equal(BruteForce(packages, wanted), (set.PriceCents, set.Credits));
        }
    }

    [Theory]
    [InlineData("1.00", 33)]
    [InlineData("1.50", 50)]
    [InlineData("2.79", 93)]
    [InlineData("2.80", 100)]
    [InlineData("10.00", 384)]
    [InlineData("22.00", 1_000)]
    [InlineData("100.00", 5_000)]
    [InlineData("10000.00", 500_000)]
    public void An_amount_is_priced_by_the_dearest_package_within_it(string usd, long credits)
    {
        var amount = decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture);
        var purchase = PackageMatcher.ForAmount(Listed, amount)!;

        Assert.Equal((credits, (int)(amount * 100)), (purchase.Credits, purchase.PriceCents));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("10.005")]
    [InlineData("0.02")]
    public void An_amount_that_buys_nothing_or_parts_of_a_cent_is_refused(string usd) =>
        Assert.Null(PackageMatcher.ForAmount(Listed, decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(33, 99)]
    [InlineData(300, 780)]
    [InlineData(301, 783)]
    [InlineData(999, 2_200)]
    [InlineData(5_000, 10_000)]
    public void A_number_of_credits_costs_its_price_rounded_up_to_the_cent(long credits, int priceCents) =>
        Assert.Equal(priceCents, PackageMatcher.ForCredits(Listed, credits)!.PriceCents);

    [Fact]
    public void Asking_by_credits_never_costs_more_than_asking_by_amount_and_more_credits_never_cost_less()
    {
        var last = 0;
        for (var credits = 1; credits <= 3_000; credits++)
        {
            var price = PackageMatcher.ForCredits(Listed, credits)!.PriceCents;

            Assert.True(price >= last, $"{credits} credits cost {price}, fewer cost {last}");
            Assert.True(PackageMatcher.ForAmount(Listed, price / 100m)!.Credits >= credits);
            Assert.True(price == 1 || (PackageMatcher.ForAmount(Listed, (price - 1) / 100m)?.Credits ?? 0) < credits);
            last = price;
        }
    }

    // Every set up to the wanted number, by trying each package as the next one.
    private static (long PriceCents, long Credits) BruteForce(CreditPackage[] packages, int wanted)
    {
        var best = new Dictionary<int, (long PriceCents, long Credits)>();
        (long PriceCents, long Credits) Cover(int rest)
        {
            if (rest <= 0)
            {
                return (0, 0);
            }

            if (!best.TryGetValue(rest, out var found))
            {
                found = packages.Select(package =>
                {
                    var (price, credits) = Cover(rest - (int)package.Credits);
                    return (PriceCents: price + package.PriceCents, Credits: credits + package.Credits);
                }).OrderBy(option => option.PriceCents).ThenByDescending(option => option.Credits).First();
                best[rest] = found;
            }

            return found;
        }

        return Cover(wanted);
    }

    private static CreditPackage Package(long credits, int priceCents) =>
        new(Ids.FromName($"{credits}"), $"credits-{credits}", credits, priceCents);
}
