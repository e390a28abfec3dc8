using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using Bunit;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>The parts of the page Packages, state by state.</summary>
public sealed class PackagePartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Tomorrow = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private static readonly PackageBoard Board = PackageBoard.Of(
        [
            Row(100, 280, Now.AddYears(-1)), Row(500, 1200, Now.AddYears(-1), Tomorrow), Row(500, 1300, Tomorrow),
            Row(50, 150, Now.AddYears(-1), Now.AddDays(-1)),
        ],
        Now);

    public PackagePartsTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void The_table_shows_what_is_sold_what_comes_and_what_is_over()
    {
        var table = Table(canChange: true);

        Assert.Equal(
            ["100 credits|$2.80|2.8 ¢|–", "500 creditsBest value|$12.00|2.4 ¢|$13.00, 2.6 ¢ per creditfrom 21 Nov 2026, 00:00 UTC"],
            table.FindAll("tbody tr").Select(row => string.Join('|', row.Children.Take(4).Select(Words))));
        Assert.Contains("50 credits for $1.50", table.Find("details").TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["Change price", "Stop selling", "Withdraw", "Change price", "Stop selling"],
            table.FindAll("button").Select(button => button.TextContent));
    }

    [Fact]
    public void An_agent_sees_the_same_without_a_button() => Assert.Empty(Table(canChange: false).FindAll("button"));

    [Fact]
    public void The_form_says_what_is_odd_and_what_was_sold()
    {
        var change = new PackageChange { Kind = PackageChangeKind.Reprice, Code = "credits-100", PriceCents = 200, From = Tomorrow };
        var verdict = PackagePolicy.Judge(change, Board, Now.AddMinutes(1), new PricingOptions());

        var form = Form(new PackagePreview(null, verdict, ["Odd."], new PackageSales(new DateOnly(2026, 10, 1), 14, 6, 3_920, 0)));

        Assert.Contains("Odd.", form.Find(".notice-warning").TextContent, StringComparison.Ordinal);
        Assert.Contains(
            "Sold in October 2026: 14 times to 6 tenants, $39.20. As often at the new price: $28.00.", form.Markup,
            StringComparison.Ordinal);
    }

    private static string Words(AngleSharp.Dom.IElement cell) =>
        string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private IRenderedComponent<PackageTable> Table(bool canChange) =>
        Render<PackageTable>(p => p.Add(x => x.Board, Board).Add(x => x.CanChange, canChange));

    private IRenderedComponent<PackageForm> Form(PackagePreview preview) => Render<PackageForm>(p => p
        .Add(x => x.Draft, new PackageDraft { Kind = PackageChangeKind.Reprice, Line = Board.Find("credits-100"), Price = 2 })
        .Add(x => x.Preview, preview));

    private static CreditPackage Row(long credits, int cents, DateTimeOffset from, DateTimeOffset? until = null) =>
        new(Ids.New(), $"credits-{credits}", credits, cents) { ValidFrom = from, ValidUntil = until };
}
