using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Pricing.Editor;
using Bunit;

namespace BillingPortal.Tests.Pricing.Editor;

/// <summary>The parts of the page Prices, state by state.</summary>
public sealed class PricePartsTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public PricePartsTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void The_list_shows_what_is_what_comes_and_what_was()
    {
        var table = Render<PriceTable>(p => p.Add(x => x.Lines, [List]).Add(x => x.CanChange, true));

        Assert.Contains("5 credits per message", table.Find("[data-label='Price now']").TextContent, StringComparison.Ordinal);
        Assert.StartsWith(
            "6 credits per messagefrom 21 Nov 2026, 00:00 UTC", Words(table.Find("[data-label=Scheduled]")), StringComparison.Ordinal);
        Assert.Contains("4 credits per message from the beginning", table.Find(".price-history li").TextContent, StringComparison.Ordinal);
        Assert.Equal(["Withdraw", "Change"], table.FindAll("button").Select(button => button.TextContent));
    }

    [Fact]
    public void An_agent_sees_the_same_without_a_button()
    {
        var table = Render<PriceTable>(p => p.Add(x => x.Lines, [List]).Add(x => x.CanChange, false));
        var own = Render<OwnPriceTable>(p => p.Add(x => x.Rows, [new OwnPriceLine(List, "Acme", "acme")]).Add(x => x.Now, Now));

        Assert.Empty(table.FindAll("button"));
        Assert.Empty(own.FindAll("button"));
        Assert.Equal(["Scheduled", "In force", "Replaced"], own.FindAll(".badge").Select(badge => badge.TextContent));
    }

    [Fact]
    public void The_effect_is_said_in_figures()
    {
        var effect = new PriceEffect(
            new DateOnly(2026, 10, 1), 1_204, 1, Amount.Credits(6_020), Amount.Credits(7_224),
            [new TenantEffect("Acme Voice", "acme", 1_204, Amount.Credits(6_020), Amount.Credits(7_224))], OwnPrices: 2);

        var panel = Panel(effect, [List.Rows[0]]);

        Assert.Contains("In October 2026: 1,204 messages of 1 tenant", Words(panel.Find("p")), StringComparison.Ordinal);
        Assert.Equal(["6,020 credits", "7,224 credits", "+1,204 credits"], panel.FindAll("dd").Select(one => one.TextContent));
        Assert.Contains("2 tenants with a price of their own then", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("A later change stays: 6 credits per message", panel.Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_used_and_nothing_counted_are_said_apart()
    {
        var nobody = new PriceEffect(new DateOnly(2026, 10, 1), 0, 0, Amount.Credits(0), Amount.Credits(0), [], 0);

        Assert.Contains("there is nothing to compare", Panel(nobody, []).Markup, StringComparison.Ordinal);
        Assert.Contains("Counting last month took too long", Panel(effect: null, []).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_calls_are_asked_for_a_connection_fee()
    {
        Assert.Empty(Form(ServiceCodes.SmsOutbound).FindAll("#price-base"));
        Assert.NotEmpty(Form(ServiceCodes.Voice).FindAll("#price-base"));
    }

    [Fact]
    public void A_refusal_stays_in_the_form()
    {
        var form = Form(ServiceCodes.Email, "What is past stays as it was charged.");

        Assert.Contains("What is past stays", form.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, "Choose the tenant")]
    [InlineData(true, null, "Enter from when")]
    public void A_draft_says_what_is_missing(bool hasTenant, string? from, string words)
    {
        var draft = new PriceDraft
        {
            Plan = Unit.Credits,
            IsOwn = true,
            Tenant = hasTenant ? new TenantChoice(Ids.New(), "Acme", "acme", Unit.Credits) : null,
            From = from is null ? null : Now.UtcDateTime,
        };

        Assert.Null(draft.ToChange(out var missing));
        Assert.Contains(words, missing, StringComparison.Ordinal);
    }

    private static PriceLine List { get; } = new(
        new PriceKey(Unit.Credits, ServiceCodes.SmsOutbound),
        [Row(6, new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)), Row(5, Now.AddYears(-1)), Row(4, PriceMap.Always)], Now);

    private IRenderedComponent<PriceEffectPanel> Panel(PriceEffect? effect, IReadOnlyList<PriceRow> later) =>
        Render<PriceEffectPanel>(p => p.Add(x => x.Key, List.Key)
            .Add(x => x.Preview, new PricePreview(Refusal: null, List.Rows[1], List.Rows[0], effect, later)));

    private IRenderedComponent<PriceForm> Form(string service, string? refusal = null) => Render<PriceForm>(p => p
        .Add(x => x.Draft, new PriceDraft { Plan = Unit.Credits, Service = service })
        .Add(x => x.Find, _ => Task.FromResult<IReadOnlyList<TenantChoice>>([])).Add(x => x.Refusal, refusal));

    private static string Words(AngleSharp.Dom.IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Price Row(decimal rate, DateTimeOffset from) => new()
    {
        Id = Ids.New(),
        Plan = Unit.Credits,
        Service = ServiceCodes.SmsOutbound,
        RateE4 = Amount.Credits(rate).E4,
        ValidFrom = from,
    };
}
