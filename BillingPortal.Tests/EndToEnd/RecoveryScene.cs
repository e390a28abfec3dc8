using System.Net.Http.Headers;
using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>
/// A tenant whose recharge gets into trouble, with its person's browser and mailbox. Time moves on the sandbox's clock;
/// what the schedule would start then is asked for as a cron caller does.
/// </summary>
internal sealed class RecoveryScene : IAsyncDisposable
{
    private const int LooksMax = 300;
    private readonly PortalFixture _portal;

    private RecoveryScene(PortalFixture portal, PortalPage browser, string email, string customerId) =>
        (_portal, Browser, Email, CustomerId) = (portal, browser, email, customerId);

    public PortalPage Browser { get; }

    public IPage Page => Browser.Page;

    public string Email { get; }

    public string CustomerId { get; }

    public Tenant Tenant => Browser.Tenant;

    public ILocator Status => Page.Locator(".recharge-status");

    /// <param name="cards">Saved in this order, the first as default.</param>
    /// <param name="change">Beside "250 below 100, on".</param>
    public static async Task<RecoveryScene> StartAsync(
        PortalFixture portal, decimal credits, string[] cards, RechargeChange? change = null)
    {
        var tenant = await portal.Portal.TenantAsync(name: "Acme Voice");
        var email = await portal.Portal.PersonAsync(tenant, MemberRole.BillingAdmin);
        var browser = await portal.StrangerAsync();
        browser.Tenant = tenant;
        await browser.TakeSessionAsync(email);
        var customer = await portal.Service<CardService>().EnsureCustomerAsync(tenant.Id);
        var scene = new RecoveryScene(portal, browser, email, customer);
        foreach (var card in cards)
        {
            await scene.SaveCardAsync(card);
        }

        await scene.PostAsync(LedgerOperation.Credit, credits);
        await scene.SaveAsync((change ?? new RechargeChange()) with { Enabled = true, Threshold = 100, Amount = 250 });
        return scene;
    }

    public async Task SaveAsync(RechargeChange change) => Assert.Null(
        (await _portal.Service<RechargeSettings>().SaveAsync(Tenant.Id, change, RechargeDoor.Portal)).Problem);

    public async Task<string> SaveCardAsync(string card)
    {
        var id = await _portal.Sandbox.Stripe.SavedCardAsync(CustomerId, card);
        Assert.Equal(SaveOutcome.Saved, (await _portal.Service<CardService>().SaveAsync(id, Tenant.Id)).Outcome);
        return id;
    }

    public async Task<SavedCard> CardAsync(int place = 0) =>
        (await _portal.Service<CardService>().ListAsync(Tenant.Id))[place];

    public Task UseAsync(decimal credits, DateTimeOffset? at = null) => PostAsync(LedgerOperation.Debit, credits, at);

    public Task<RechargeView> ViewAsync() => _portal.Service<RechargeReader>().ReadAsync(Tenant.Id);

    /// <summary>The portal charges by itself, in the background: waits until the attempt has come to this.</summary>
    public async Task<RechargeAttempt> AttemptAsync(AttemptState state, int attempts = 1)
    {
        for (var look = 0; look < LooksMax; look++)
        {
            if ((await ViewAsync()).Attempts is var all && all.Count >= attempts && all[0].State == state)
            {
                return all[0];
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"No attempt number {attempts} came to {state}.");
    }

    /// <summary>So much later, the regular check runs.</summary>
    public async Task LaterAsync(TimeSpan time)
    {
        await _portal.Sandbox.AdvanceClockAsync(time);
        await CronAsync("/api/cron/auto-recharge-check", "sandbox-cron-secret");
    }

    public async Task CronAsync(string path, string secret)
    {
        using var cron = _portal.Portal.Browser();
        cron.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await cron.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}.");
    }

    /// <summary>The mail with this subject, once it has arrived.</summary>
    public async Task<SandboxEmail> MailAsync(string subject)
    {
        for (var look = 0; look < LooksMax; look++)
        {
            var found = (await _portal.Sandbox.MailboxAsync(Email)).FirstOrDefault(
                mail => mail.Subject.Contains(subject, StringComparison.Ordinal));
            if (found is not null)
            {
                return found;
            }

            await Task.Delay(100);
        }

        var all = (await _portal.Sandbox.MailboxAsync(Email)).Select(mail => mail.Subject);
        throw new InvalidOperationException($"No mail '{subject}'; there are: {string.Join(", ", all)}.");
    }

    public async Task<int> MailsAsync(string subject) => (await _portal.Sandbox.MailboxAsync(Email)).Count(
        mail => mail.Subject.Contains(subject, StringComparison.Ordinal));

    /// <summary>How many payments Stripe knows of this customer, and the one that was made last.</summary>
    public async Task<(int Count, string Id)> PaymentsAsync()
    {
        var list = (await _portal.Sandbox.Stripe.GetAsync($"payment_intents?customer={CustomerId}&limit=100"))
            .Json["data"]!.AsArray();
        return (list.Count, (string)list[0]!["id"]!);
    }

    public Task<decimal> BalanceAsync() => _portal.BalanceAsync(Tenant.Id);

    public ILocator Banner(string title) => Page.Locator(".banner").GetByText(title);

    public ValueTask DisposeAsync() => Browser.DisposeAsync();

    private async Task PostAsync(LedgerOperation operation, decimal credits, DateTimeOffset? at = null)
    {
        var result = await _portal.Service<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = Tenant.Id,
            Operation = operation,
            Amount = Amount.Credits(credits),
            Kind = operation is LedgerOperation.Credit ? EntryKind.Purchase : EntryKind.Usage,
            Counter = operation is LedgerOperation.Credit ? CounterAccount.CardClearing : CounterAccount.VoiceRevenue,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = at ?? _portal.Service<TimeProvider>().GetUtcNow(),
        });
        Assert.Equal(PostOutcome.Posted, result.Outcome);
    }
}
