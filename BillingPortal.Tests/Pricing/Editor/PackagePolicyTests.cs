using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>Which changes of packages make sense, and what they do to the rows. No database.</summary>
public sealed class PackagePolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Soonest = Now.AddMinutes(1);
    private static readonly DateTimeOffset Tomorrow = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly PackageBoard Board = Of(Row(100, 280), Row(500, 1200));

    [Fact]
    public void A_new_price_ends_the_old_row_and_begins_the_new_one()
    {
        var after = Judge(Reprice("credits-500", 1300, Tomorrow)).Apply(Board);

        var line = after.Find("credits-500")!;
        Assert.Equal((1200, (DateTimeOffset?)Tomorrow), (line.Now!.PriceCents, line.Now.ValidUntil));
        Assert.Equal([1300], line.Scheduled.Select(row => row.PriceCents));
        Assert.Equal([280, 1200], Prices(after, Tomorrow.AddTicks(-1)));
        Assert.Equal([280, 1300], Prices(after, Tomorrow));
    }

    [Fact]
    public void What_is_scheduled_last_is_taken_back_first()
    {
        var once = Judge(Reprice("credits-500", 1300, Tomorrow)).Apply(Board);
        var twice = Judge(Reprice("credits-500", 1400, Tomorrow.AddDays(1)), once).Apply(once);
        var gone = Judge(Withdraw("credits-500", Tomorrow.AddDays(2)), twice).Apply(twice);

        var stays = Judge(Undo("credits-500"), gone).Apply(gone);
        Assert.Equal(twice.Version, stays.Version);
        var back = Judge(Undo("credits-500"), stays).Apply(stays);
        Assert.Equal(once.Version, back.Version);
        Assert.Equal(Board.Version, Judge(Undo("credits-500"), back).Apply(back).Version);
    }

    [Fact]
    public void What_was_withdrawn_can_be_sold_again_later()
    {
        var gone = Judge(Withdraw("credits-500", Tomorrow)).Apply(Board);
        var add = new PackageChange { Kind = PackageChangeKind.Add, Credits = 500, PriceCents = 1250, From = Tomorrow.AddDays(5) };

        Assert.Contains("on sale or scheduled already", Refusal(add with { From = Soonest }, gone), StringComparison.Ordinal);
        Assert.Equal([280, 1250], Prices(Judge(add, gone).Apply(gone), Tomorrow.AddDays(5)));
    }

    public static TheoryData<string, PackageChange> Nonsense => new()
    {
        { "There is no such package", Reprice("credits-7", 100, Tomorrow) },
        { "already", Reprice("credits-500", 1200, Tomorrow) },
        { "What is past stays", Reprice("credits-500", 1300, Now) },
        { "between $1.00 and $10,000.00", Reprice("credits-500", 99, Tomorrow) },
        { "between $1.00 and $10,000.00", Reprice("credits-500", 1_000_001, Tomorrow) },
        { "Enter the price", Reprice("credits-500", null, Tomorrow) },
        { "Enter how many credits", new() { Kind = PackageChangeKind.Add, Credits = 0, PriceCents = 100 } },
        { "Enter how many credits", new() { Kind = PackageChangeKind.Add, Credits = 1_000_001, PriceCents = 100 } },
        { "change its price instead", new() { Kind = PackageChangeKind.Add, Credits = 500, PriceCents = 1300 } },
        { "Nothing is scheduled", Undo("credits-500") },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_refused_in_words(string words, PackageChange change) =>
        Assert.Contains(words, Refusal(change, Board), StringComparison.Ordinal);

    [Fact]
    public void A_second_change_may_not_come_before_the_first()
    {
        var once = Judge(Reprice("credits-500", 1300, Tomorrow)).Apply(Board);

        Assert.Contains("Withdraw that change first", Refusal(Reprice("credits-500", 1400, Tomorrow), once), StringComparison.Ordinal);
        Assert.Contains("Withdraw that change first", Refusal(Withdraw("credits-500", Soonest), once), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_package_stays_on_sale()
    {
        var one = Judge(Withdraw("credits-500", Soonest)).Apply(Board);

        Assert.Contains("At least one package must stay", Refusal(Withdraw("credits-100", Tomorrow), one), StringComparison.Ordinal);
    }

    [Fact]
    public void A_larger_package_that_is_dearer_per_credit_is_warned_of()
    {
        Assert.Empty(PackageWarnings.Of(Board.OnSaleAt(Now)));

        var warning = Assert.Single(PackageWarnings.Of(Judge(Reprice("credits-500", 1500, Tomorrow)).Apply(Board).OnSaleAt(Tomorrow)));

        Assert.Contains(
            "500 credits for $15.00 would cost 3.0 ¢ each, dearer than 100 credits for $2.80 at 2.8 ¢", warning,
            StringComparison.Ordinal);
        var chosen = PackageMatcher.CheapestFor([Row(100, 280), Row(500, 1500)], Amount.Credits(500))!;
        Assert.Equal(1400, chosen.PriceCents); // what the warning says auto-recharge would do
    }

    [Fact]
    public void A_smaller_package_that_costs_as_much_is_warned_of()
    {
        var warning = Assert.Single(PackageWarnings.Of([Row(100, 280), Row(500, 280)]));

        Assert.Contains("nobody has a reason to buy the smaller", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "5", "2026-11-21", "whole number")]
    [InlineData("10.5", "5", "2026-11-21", "whole number")]
    [InlineData("10", "5.005", "2026-11-21", "dollars and cents")]
    [InlineData("10", null, "2026-11-21", "dollars and cents")]
    [InlineData("10", "5", null, "Enter from when")]
    [InlineData("10", "99999999", "2026-11-21", "too much")]
    public void A_draft_says_what_is_missing(string? credits, string? price, string? from, string words)
    {
        var draft = new PackageDraft
        {
            Kind = PackageChangeKind.Add,
            Credits = Number(credits),
            Price = Number(price),
            From = from is null ? null : Tomorrow.UtcDateTime,
        };

        Assert.Null(draft.ToChange(out var missing));
        Assert.Contains(words, missing, StringComparison.Ordinal);
    }

    private static decimal? Number(string? text) =>
        text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static PackageChange Reprice(string code, int? cents, DateTimeOffset from) =>
        new() { Kind = PackageChangeKind.Reprice, Code = code, PriceCents = cents, From = from };

    private static PackageChange Withdraw(string code, DateTimeOffset from) =>
        new() { Kind = PackageChangeKind.Withdraw, Code = code, From = from };

    private static PackageChange Undo(string code) => new() { Kind = PackageChangeKind.Undo, Code = code };

    private static PackageVerdict Judge(PackageChange change, PackageBoard? board = null)
    {
        var verdict = PackagePolicy.Judge(change, board ?? Board, Soonest, new PricingOptions());
        Assert.Null(verdict.Refusal);
        return verdict;
    }

    private static string Refusal(PackageChange change, PackageBoard board) =>
        Assert.IsType<string>(PackagePolicy.Judge(change, board, Soonest, new PricingOptions()).Refusal);

    private static IEnumerable<int> Prices(PackageBoard board, DateTimeOffset at) => board.OnSaleAt(at).Select(row => row.PriceCents);

    private static PackageBoard Of(params CreditPackage[] rows) => PackageBoard.Of(rows, Now);

    private static CreditPackage Row(long credits, int cents) =>
        new(Ids.New(), $"credits-{credits}", credits, cents) { ValidFrom = Now.AddYears(-1) };
}
