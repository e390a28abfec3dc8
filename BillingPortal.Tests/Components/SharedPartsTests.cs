using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tests.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor;

namespace BillingPortal.Tests.Components;

/// <summary>The parts that pages are made of.</summary>
public sealed class SharedPartsTests : BunitContext
{
    public SharedPartsTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddRadzenComponents();
        Services.AddScoped(_ => Sessions.Of(Sessions.Tenant(zone: "Europe/Berlin")));
    }

    [Fact]
    public void An_amount_that_leaves_is_marked_and_the_unit_can_be_left_to_the_heading()
    {
        var part = Render<AmountText>(p => p.Add(x => x.Value, Amount.Credits(-25)).Add(x => x.Signed, true).Add(x => x.WithUnit, false));

        Assert.Equal("\u221225", part.Find(".amount").TextContent);
        Assert.Contains("amount-out", part.Find(".amount").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_shows_the_tenants_zone_and_utc_on_hover()
    {
        var part = Render<TimeText>(p => p.Add(x => x.Value, new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero)));

        Assert.Equal("1 Jul 2026, 14:00", part.Find("time").TextContent);
        Assert.Equal("2026-07-01 12:00:00 UTC", part.Find("time").GetAttribute("title"));
    }

    [Fact]
    public void An_error_is_announced_offers_retry_and_shows_its_reference()
    {
        var retried = false;
        var part = Render<StatePanel>(p => p.Add(x => x.Kind, StateKind.Error).Add(x => x.Title, "No cards")
            .Add(x => x.ReferenceId, "abc123").Add(x => x.OnRetry, EventCallback.Factory.Create(this, () => retried = true)));
        part.Find("button").Click();

        Assert.True(retried);
        Assert.Equal("alert", part.Find("section").GetAttribute("role"));
        Assert.Contains("abc123", part.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_place_is_no_alert_and_shows_the_next_step()
    {
        var part = Render<StatePanel>(p => p.Add(x => x.Kind, StateKind.Empty).Add(x => x.Title, "No cards yet")
            .AddChildContent("<a href=\"/cards\">Add a card</a>"));

        Assert.False(part.Find("section").HasAttribute("role"));
        Assert.Equal("Add a card", part.Find("a").TextContent);
    }

    [Fact]
    public void A_failing_page_leaves_the_shell_and_can_be_retried()
    {
        Failing.IsBroken = true;
        var part = Render<PageErrorBoundary>(p => p.AddChildContent<Failing>());
        Assert.Contains("This page could not be shown", part.Markup, StringComparison.Ordinal);
        Assert.Matches("[0-9a-f]{12}", part.Find("code").TextContent);

        Failing.IsBroken = false;
        part.Find("button").Click();
        Assert.Contains("works", part.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Pay $22.00", true)]
    [InlineData("Cancel", false)]
    public async Task A_charge_is_asked_in_figures_and_only_its_own_button_says_yes(string button, bool expected)
    {
        var host = Render<RadzenDialog>();
        var question = new ChargeQuestion(
            "Charge Visa ••4242?", "You buy 1,000 credits.", [new("You pay", "$22.00"), new("You will have", "1,119 credits")],
            "Pay $22.00");
        var answer = host.InvokeAsync(() => Services.GetRequiredService<DialogService>().AskAsync(question));
        host.WaitForElement(".facts");

        Assert.Contains("1,119 credits", host.Markup, StringComparison.Ordinal);
        await host.FindAll(".question-actions button").Single(b => b.TextContent == button).ClickAsync(new());
        Assert.Equal(expected, await answer);
    }

    /// <summary>Breaks while told to.</summary>
    private sealed class Failing : ComponentBase
    {
        public static bool IsBroken { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            if (IsBroken)
            {
                throw new InvalidOperationException("broken");
            }

            builder.AddContent(0, "works");
        }
    }
}
