using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Messaging;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Wallet;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Sending and receiving as a person sees it, through the sandbox's Twilio and its webhooks.</summary>
public sealed class SmsPageTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task A_message_is_written_made_cheaper_sent_and_delivered_before_ones_eyes()
    {
        await using var browser = await ReadyAsync();
        var handset = SandboxTwilio.NewHandset();
        await browser.OpenAsync("/sms?view=send");

        await browser.Page.GetByLabel("To", new() { Exact = true }).FillAsync(handset);
        await Expect(browser.Page.GetByTestId("sms-to-check")).ToHaveTextAsync("United States");
        await browser.Page.GetByLabel("Text", new() { Exact = true })
            .FillAsync("It’s ready for you to collect, any time until 18:00 today. See you!!");
        await Expect(browser.Page.GetByTestId("sms-text-encoding")).ToHaveTextAsync("UCS-2");
        await Expect(browser.Page.Locator(".sms-preview mark")).ToHaveTextAsync("’");
        await browser.ShootAsync("sms-compose-1440-light");
        await browser.AssertAccessibleAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Replace all" }).ClickAsync();
        await Expect(browser.Page.GetByTestId("sms-text-encoding")).ToHaveTextAsync("GSM-7");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send for 5 credits" }).DblClickAsync();

        await Expect(browser.Page.GetByTestId("sms-result")).ToContainTextAsync("Delivered");
        await browser.ShootAsync("sms-result-1440-light");
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Show it in the list" }).ClickAsync();
        await Expect(browser.Page.Locator(".sms-table tr.is-open .sms-timeline li")).ToHaveCountAsync(4);
        await browser.WaitForReadyAsync();
        await browser.ShootAsync("sms-opened-1440-light");
        await browser.AssertAccessibleAsync();
        Assert.Equal(1, await portal.Sandbox.Twilio.SentCountAsync(to: handset));
        await AssertFiguresAsync(browser, sent: "1", delivered: "100 %", spent: 5);
    }

    [Theory]
    [InlineData("undelivered", 30003, "The phone could not be reached")]
    [InlineData("failed", 30007, "The network filtered it out")]
    public async Task What_does_not_arrive_is_explained_and_given_back(string fate, int code, string words)
    {
        await using var browser = await ReadyAsync();
        var handset = SandboxTwilio.NewHandset();
        await portal.Sandbox.Twilio.DecideNextAsync(fate, code, to: handset);

        await SendAsync(browser, handset);

        await Expect(browser.Page.GetByTestId("sms-result")).ToContainTextAsync("It did not arrive");
        await Expect(browser.Page.GetByTestId("sms-result")).ToContainTextAsync(words);
        await Expect(browser.Page.GetByTestId("sms-result")).ToContainTextAsync("charged and given back");
        await AssertFiguresAsync(browser, sent: "1", delivered: "0 %", spent: 0);
        await Expect(browser.Page.Locator(".sms-table .tag")).ToHaveTextAsync("given back");
    }

    [Fact]
    public async Task What_comes_in_appears_by_itself_and_its_entry_leads_back_to_it()
    {
        await using var browser = await ReadyAsync();
        await browser.OpenAsync("/sms");
        await Expect(browser.Page.GetByText("No messages yet")).ToBeVisibleAsync();

        await portal.Sandbox.Twilio.WriteAsync(SandboxTwilio.NewHandset(), Number(browser), "<b>Hello</b> there");

        await Expect(browser.Page.Locator(".sms-table .sms-line")).ToHaveTextAsync("<b>Hello</b> there");
        await AssertFiguresAsync(browser, sent: "0", delivered: "–", spent: 1);
        await browser.OpenAsync("/transactions?service=sms_inbound");
        await browser.Page.Locator(".transaction-table summary").First.ClickAsync();
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Show the message" }).ClickAsync();
        await browser.AtAsync("/sms\\?message=");
        await Expect(browser.Page.Locator("tr.is-open .sms-full")).ToHaveTextAsync("<b>Hello</b> there");
    }

    [Fact]
    public async Task Who_writes_stop_is_not_written_to_until_they_write_start()
    {
        await using var browser = await ReadyAsync();
        var handset = SandboxTwilio.NewHandset();
        await browser.OpenAsync("/sms?view=send");
        await browser.Page.GetByLabel("To", new() { Exact = true }).FillAsync(handset);
        await browser.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("Hello");
        var send = browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send for 5 credits" });
        await Expect(send).ToBeEnabledAsync();

        await portal.Sandbox.Twilio.WriteAsync(handset, Number(browser), "STOP");
        await Expect(browser.Page.GetByTestId("sms-to-check")).ToContainTextAsync("asked for no more messages");
        await Expect(send).ToBeDisabledAsync();

        await portal.Sandbox.Twilio.WriteAsync(handset, Number(browser), "START");
        await Expect(browser.Page.GetByTestId("sms-to-check")).ToHaveTextAsync("United States");
        await Expect(send).ToBeEnabledAsync();
    }

    [Fact]
    public async Task The_opt_out_list_takes_back_what_was_entered_here_and_nothing_else()
    {
        await using var browser = await ReadyAsync();
        var (keyword, manual) = (SandboxTwilio.NewHandset(), SandboxTwilio.NewHandset());
        await browser.OpenAsync("/sms?view=opt-outs");
        await portal.Sandbox.Twilio.WriteAsync(keyword, Number(browser), "STOP");
        var rows = browser.Page.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(1);

        await browser.Page.GetByLabel("Person", new() { Exact = true }).FillAsync(manual);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);
        await browser.ShootAsync("sms-opt-outs-filled-1440-light");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToHaveCountAsync(1);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = $"Remove {manual}" }).ClickAsync();

        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows.First).ToContainTextAsync("They wrote STOP");
        await browser.Page.GetByLabel("Search").FillAsync("999999");
        await Expect(browser.Page.GetByText("Nobody with such a number")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_credits_the_page_says_so_before_anything_is_tried()
    {
        await using var browser = await ReadyAsync(hasCredits: false);
        await browser.OpenAsync("/sms?view=send");

        await Expect(browser.Page.GetByText("Not enough to send")).ToBeVisibleAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send for 5 credits" })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task A_reply_is_set_saved_and_given_and_a_viewer_only_looks()
    {
        await using var browser = await ReadyAsync();
        await browser.OpenAsync("/sms?view=settings");
        await browser.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("We call you back.");
        await browser.Page.GetByLabel("Add a country").SelectOptionAsync("DE");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(browser.Page.GetByText("Saved.")).ToBeVisibleAsync();

        var handset = SandboxTwilio.NewHandset();
        await portal.Sandbox.Twilio.WriteAsync(handset, Number(browser), "Anybody there?");
        await browser.OpenAsync("/sms");
        await Expect(browser.Page.Locator(".sms-table tbody tr")).ToHaveCountAsync(2);
        Assert.Contains(await portal.Sandbox.Twilio.ConversationAsync(Number(browser), handset),
            message => message.Body == "We call you back.");

        await using var viewer = await portal.SignedInAsync(browser.Tenant, MemberRole.Viewer);
        await viewer.OpenAsync("/sms?view=settings");
        await Expect(viewer.Page.GetByLabel("Text", new() { Exact = true })).ToBeDisabledAsync();
        await Expect(viewer.Page.GetByText("Germany")).ToBeVisibleAsync();
        await viewer.OpenAsync("/sms?view=send");
        await Expect(viewer.Page.Locator(".sms-table")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Whatever_strangers_write_the_page_stays_whole()
    {
        await using var browser = await portal.SignedInAsync();
        await SampleMessages.LittleAsync(portal.Portal.Connections, browser.Tenant.Id, TimeProvider.System.GetUtcNow());
        foreach (var look in new[] { new Look(), Look.Phone with { IsDark = true } })
        {
            await browser.OpenAsync("/sms");
            await browser.LookAsync(look);
            await browser.Page.EvaluateAsync("() => document.querySelectorAll('.sms-table details').forEach(row => row.open = true)");
            await browser.ShootAsync($"sms-strange-{look.Width}");
            await browser.AssertFitsAsync();
            await browser.AssertAccessibleAsync();
        }
    }

    [Fact]
    public async Task A_filter_stands_in_the_address_and_the_file_holds_what_it_shows()
    {
        await using var browser = await portal.SignedInAsync();
        await SampleMessages.MuchAsync(portal.Portal.Connections, browser.Tenant.Id, TimeProvider.System.GetUtcNow());
        await browser.OpenAsync("/sms");

        await browser.Page.Locator(".sms-shares").GetByRole(AriaRole.Link, new() { Name = "Germany" }).ClickAsync();
        await browser.AtAsync("country=DE");
        await browser.WaitForReadyAsync();
        await browser.Page.GetByLabel("State").SelectOptionAsync("undelivered");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await browser.AtAsync("state=undelivered");
        await browser.WaitForReadyAsync();
        var rows = await browser.Page.Locator(".sms-table tbody tr").CountAsync();
        var download = await browser.Page.RunAndWaitForDownloadAsync(
            () => browser.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());

        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var lines = (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(rows, lines.Length - 1);
        Assert.All(lines.Skip(1), line => Assert.Contains(",DE,undelivered,", line, StringComparison.Ordinal));
    }

    private static string Number(PortalPage browser) => Numbers[browser.Tenant.Id];

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, string> Numbers = new();

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    // A tenant with a number in service, at the provider as well, and 169 credits.
    private async Task<PortalPage> ReadyAsync(bool hasCredits = true)
    {
        var browser = await portal.SignedInAsync(MemberRole.Owner);
        var now = TimeProvider.System.GetUtcNow();
        var number = await portal.Sandbox.Twilio.OwnNumberAsync(portal.Portal.Address);
        await SampleMessages.NumberAsync(portal.Portal.Connections, browser.Tenant.Id, now, "Front desk", number);
        Numbers[browser.Tenant.Id] = number;
        if (hasCredits)
        {
            await SampleBooks.LittleAsync(portal.Portal.Connections, browser.Tenant.Id, now);
        }

        return browser;
    }

    private static async Task SendAsync(PortalPage browser, string to)
    {
        await browser.OpenAsync("/sms?view=send");
        await browser.Page.GetByLabel("To", new() { Exact = true }).FillAsync(to);
        await browser.Page.GetByLabel("Text", new() { Exact = true }).FillAsync("Hello");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Send for 5 credits" }).ClickAsync();
    }

    // The page's figures are the ledger's: what the entries about these messages add up to.
    private async Task AssertFiguresAsync(PortalPage browser, string sent, string delivered, decimal spent)
    {
        await browser.OpenAsync("/sms");
        var totals = browser.Page.GetByTestId("sms-totals");
        await Expect(totals.Locator("div").Nth(0).Locator("dd").First).ToHaveTextAsync(sent);
        await Expect(totals.Locator("div").Nth(1).Locator("dd").First).ToHaveTextAsync(delivered);
        await Expect(totals.Locator("div").Nth(3).Locator("dd").First)
            .ToHaveTextAsync($"{spent} {(spent == 1 ? "credit" : "credits")}");
        await using var work = await portal.Service<BillingPortal.Data.Database>().BeginAsync(browser.Tenant.Id);
        await using var command = work.Command(
            "SELECT coalesce(-sum(amount_e4), 0)::bigint FROM entries WHERE tenant_id = $1 AND cause_type = 'sms'",
            browser.Tenant.Id);
        Assert.Equal(spent, (long)(await command.ExecuteScalarAsync())! / (decimal)Amount.Scale);
    }
}
