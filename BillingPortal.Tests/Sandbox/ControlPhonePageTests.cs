using BillingPortal.Tests.EndToEnd;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.Sandbox;

/// <summary>The control page in a browser: the phone works, is accessible and fits, in four looks.</summary>
public sealed class ControlPhonePageTests : IAsyncLifetime
{
    private static readonly (string Name, Look Look)[] Looks =
    [
        ("1440-light", new Look()),
        ("1440-dark", new Look(IsDark: true)),
        ("390-dark", Look.Phone with { IsDark = true }),
        ("390-light", Look.Phone),
    ];

    private readonly SandboxFixture _sandbox = new();
    private WebhookReceiver _portal = null!;
    private string _number = "";

    public async ValueTask InitializeAsync()
    {
        await _sandbox.StartAsync();
        _portal = await WebhookReceiver.StartAsync();
        _number = await _sandbox.Twilio.OwnNumberAsync(_portal.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task The_phone_writes_receives_and_calls()
    {
        await using var browser = await OpenAsync(new Look());
        var page = browser.Page;
        var talk = page.GetByRole(AriaRole.Log);
        _portal.Answer = ("<Response><Message>We are open until six</Message></Response>", "text/xml");

        await page.GetByLabel("Message", new() { Exact = true }).FillAsync("<i>Are</i> you open? 😀");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();

        await Assertions.Expect(talk).ToContainTextAsync("<i>Are</i> you open? 😀");
        await Assertions.Expect(talk).ToContainTextAsync("We are open until six");
        await page.GetByRole(AriaRole.Button, new() { Name = "STOP", Exact = true }).ClickAsync();
        await Assertions.Expect(talk).ToContainTextAsync("Twilio's own reply");
        await Assertions.Expect(page.GetByText("refused with 21610")).ToBeVisibleAsync();

        await page.GetByLabel("Seconds", new() { Exact = true }).FillAsync("90");
        await page.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#call-rows")).ToContainTextAsync("90");
        var ended = await _portal.ReceivesAsync(one => one.Form.GetValueOrDefault("CallStatus") == "completed");
        Assert.Equal("90", ended.Form["CallDuration"]);
    }

    [Fact]
    public async Task Switches_and_test_numbers_are_at_hand()
    {
        await using var browser = await OpenAsync(new Look());
        var page = browser.Page;

        await page.Locator("#fate-status").SelectOptionAsync("failed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Decide" }).ClickAsync();
        await Assertions.Expect(page.Locator("#fates")).ToContainTextAsync("The next message: failed 30003");
        await page.Locator("#test-rows button").First.ClickAsync();
        await Assertions.Expect(page.GetByLabel("This handset")).ToHaveValueAsync("+16285550021");
        await page.GetByLabel("Callbacks overtake the answer").CheckAsync();
        await _sandbox.Twilio.SendAsync(_number, "+16285550021", "Hello");

        await Assertions.Expect(page.GetByRole(AriaRole.Log)).ToContainTextAsync("failed 30003 – never arrived");
        await Assertions.Expect(page.GetByLabel("Callbacks overtake the answer")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task The_control_page_is_accessible_and_fits()
    {
        await FillAsync();
        foreach (var (name, look) in Looks)
        {
            await using var browser = await OpenAsync(look);
            await Assertions.Expect(browser.Page.GetByRole(AriaRole.Log)).ToContainTextAsync("شكرا");
            await browser.ShootAsync($"sandbox-{name}");
            await browser.Page.Locator("#phone").ScreenshotAsync(
                new() { Path = Path.Combine(Pictures.Folder, $"sandbox-phone-{name}.png") });
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }
    }

    private async Task FillAsync()
    {
        const string Handset = "+16285550100";
        var twilio = _sandbox.Twilio;
        var other = await twilio.OwnNumberAsync();
        await twilio.SendAsync(_number, Handset, "Your order 4711 has left our warehouse.", _portal.Address);
        await twilio.WriteAsync(Handset, _number, "Great! When will it be here?");
        await twilio.SendAsync(_number, Handset, "شكرا – tomorrow between 9 and 11. 😀 " + new string('a', 120));
        await twilio.DecideNextAsync("undelivered", 30003);
        await twilio.SendAsync(_number, Handset, "Please rate us: https://shop.example/rate/4711");
        await twilio.WriteAsync(Handset, _number, "HELP");
        await twilio.WriteAsync(Handset, _number, "stop");
        await twilio.SendAsync(other, SandboxTwilio.NewHandset(), "Another conversation");
        await twilio.CallAsync(Handset, _number, 150);
        await twilio.CallAsync(_number, Handset, 0, "no-answer");
        await twilio.CallAsync(Handset, _number, 3600, goesOn: true);
        await twilio.DecideNextAsync("failed", 30007, count: 3);
        _portal.Answer = ("{\"not\":\"TwiML\"}", "application/json");
        await twilio.WriteAsync(SandboxTwilio.NewHandset(), _number, "Hello?");
        await _sandbox.WebhooksIdleAsync();
    }

    private async Task<PortalPage> OpenAsync(Look look)
    {
        var browser = await Chromium.SharedAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = _sandbox.BaseUri.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = new PortalPage(context, await context.NewPageAsync(), _sandbox.BaseUri);
        await page.Page.GotoAsync("/");
        await page.Page.GetByLabel("Talks to").SelectOptionAsync(_number);
        return page;
    }
}
