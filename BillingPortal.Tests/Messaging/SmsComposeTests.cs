using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Messaging;

/// <summary>Composing over the real service, ledger and sandbox; only the browser is missing.</summary>
public sealed class SmsComposeTests(MessagingScene scene) : BunitContext, IClassFixture<MessagingScene>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Price_and_balance_afterwards_are_said_before_sending_and_the_result_after()
    {
        var tenant = await scene.TenantAsync(credits: 12);
        var page = Open(tenant);
        var handset = SandboxTwilio.NewHandset();

        Assert.Equal("One message 5 credits Available now 12 credits Afterwards 7 credits", Words(page.Find("[data-testid=sms-terms]")));
        Assert.True(Button(page).HasAttribute("disabled"));
        await WriteAsync(page, handset, "Hello");
        Assert.Equal("United States", page.Find("[data-testid=sms-to-check]").TextContent);
        Assert.Equal("Send for 5 credits", Button(page).TextContent);
        await page.Find("form").SubmitAsync();

        Assert.Contains("Queued", page.Find("[data-testid=sms-result]").TextContent, StringComparison.Ordinal);
        Assert.Contains("5 credits charged.", page.Markup, StringComparison.Ordinal);
        Assert.Equal(1, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
        await tenant.Books.AssertBooksBalanceAsync(7);
    }

    [Fact]
    public async Task Two_presses_of_the_button_send_once()
    {
        var tenant = await scene.TenantAsync();
        var page = Open(tenant);
        var handset = SandboxTwilio.NewHandset();
        await WriteAsync(page, handset, "Hello");
        var form = page.Find("form");

        await Task.WhenAll(form.SubmitAsync(), form.SubmitAsync());

        Assert.Equal(1, await scene.Sandbox.Twilio.SentCountAsync(to: handset));
        await tenant.Books.AssertBooksBalanceAsync(95);
    }

    [Fact]
    public async Task Who_opted_out_is_named_while_the_number_is_typed_and_nothing_can_be_sent()
    {
        var tenant = await scene.TenantAsync();
        var handset = SandboxTwilio.NewHandset();
        await tenant.ReceiveAsync(handset, "STOP");
        var page = Open(tenant);

        await WriteAsync(page, handset, "Hello");

        Assert.Contains("They can write START", page.Find("[data-testid=sms-to-check]").TextContent, StringComparison.Ordinal);
        Assert.True(Button(page).HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("415 555", "Not a whole number yet")]
    [InlineData("+49 171 1234567", "Germany is not in your list of countries")]
    [InlineData("+1 800 555 0123", "belongs to no country")]
    public async Task A_number_that_cannot_be_written_to_says_why(string to, string words)
    {
        var page = Open(await scene.TenantAsync());

        await WriteAsync(page, to, "Hello");

        Assert.Contains(words, page.Find("[data-testid=sms-to-check]").TextContent, StringComparison.Ordinal);
        Assert.True(Button(page).HasAttribute("disabled"));
    }

    [Fact]
    public async Task Without_enough_the_way_to_more_is_shown_instead_of_a_button_that_fails()
    {
        var tenant = await scene.TenantAsync(credits: 4);
        var page = Open(tenant);
        await WriteAsync(page, SandboxTwilio.NewHandset(), "Hello");

        Assert.True(Button(page).HasAttribute("disabled"));
        Assert.Contains("A message takes 5 credits.", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("/buy", page.Find(".notice a").GetAttribute("href"));
    }

    // The provider's answer is lost after it took the message: neither "sent" nor "not sent" would be true.
    [Fact]
    public async Task A_lost_answer_is_said_as_such_and_pressing_again_is_not_offered()
    {
        var tenant = await scene.TenantAsync();
        var page = Open(tenant);
        var handset = SandboxTwilio.NewHandset();
        await WriteAsync(page, handset, "Hello");
        await scene.Sandbox.FaultAsync("disconnect", "twilio", "Messages");

        await page.Find("form").SubmitAsync();

        Assert.Contains(
            "Not known yet whether it was sent", page.Find("[data-testid=sms-result]").TextContent, StringComparison.Ordinal);
        Assert.Contains("5 credits reserved", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public async Task A_refusal_of_the_provider_is_said_in_words_and_the_text_stays()
    {
        var tenant = await scene.TenantAsync();
        var page = Open(tenant);
        await WriteAsync(page, SandboxTwilio.NewHandset(), "Hello");
        await scene.Sandbox.FaultAsync("rate_limit", "twilio", "Messages", count: 2);

        await page.Find("form").SubmitAsync();

        Assert.Contains(
            "The provider cannot be reached. Nothing was charged", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Equal("Hello", page.Find("textarea").GetAttribute("value"));
        await tenant.Books.AssertBooksBalanceAsync(100);
    }

    private IRenderedComponent<SmsCompose> Open(SmsTenant tenant)
    {
        var database = scene.Postgres.Database;
        Services.AddSingleton(scene.Sms).AddSingleton(scene.Get<SmsReader>()).AddSingleton(new SmsComposeReader(
            database, new SmsSenders(database), scene.Settings, scene.Get<PriceBook>(), new BalanceReader(database),
            scene.Clock));
        Services.AddSingleton(scene.Get<BalanceFeed>());
        Services.AddSingleton(Sessions.Of(new Tenant
        {
            Id = tenant.Id,
            Slug = "acme",
            Name = "Acme Voice",
            Plan = tenant.Plan,
            CreatedAt = DateTimeOffset.UnixEpoch,
        }));
        var page = Render<SmsCompose>();
        page.WaitForElement("form", Patience);
        return page;
    }

    private static async Task WriteAsync(IRenderedComponent<SmsCompose> page, string to, string text)
    {
        await page.Find("#sms-to").InputAsync(to);
        await page.Find("#sms-text").InputAsync(text);
        page.WaitForState(
            () => !page.Find("[data-testid=sms-to-check]").TextContent.StartsWith("In international", StringComparison.Ordinal),
            Patience);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<SmsCompose> page) => page.Find("button[type=submit]");

    private static string Words(AngleSharp.Dom.IElement element) =>
        string.Join(' ', element.QuerySelectorAll("dt, dd").Select(cell => cell.TextContent));
}
