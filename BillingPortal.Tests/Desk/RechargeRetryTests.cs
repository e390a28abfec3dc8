using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Support;
using BillingPortal.Tests.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>Staff recharges a tenant: under the tenant's rule, once, written down, and answered in plain words.</summary>
public sealed class RechargeRetryTests(DeskScene scene) : IClassFixture<DeskScene>
{
    private RechargeRetry Retry => scene.Portal.Services.GetRequiredService<RechargeRetry>();

    [Fact]
    public async Task A_retry_charges_the_tenants_card_once_and_is_written_down()
    {
        var buyer = await BuyerAsync("pm_card_visa");
        var agent = await scene.AgentAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Retry.RunAsync(buyer.Id, agent)));

        Assert.Equal(
            ["Recharged", "Nothing was charged", "Nothing was charged", "Nothing was charged"],
            answers.Select(answer => answer.Title).OrderDescending());
        Assert.Equal("270 credits added.", answers.Single(answer => answer.Title == "Recharged").Text);
        Assert.Equal(1, (await buyer.ChargesAsync()).SucceededCharges);
        var line = Assert.Single(await LinesAsync(buyer.Id));
        Assert.Equal("Sam Porter (support agent) asked to recharge 250 credits for $6.50.", line.Summary);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_refused_card_is_told_as_the_bank_told_it_and_the_desk_says_why()
    {
        var buyer = await BuyerAsync("pm_card_chargeCustomerFail");

        var answer = await Retry.RunAsync(buyer.Id, await scene.AgentAsync());

        Assert.Equal(("Refused", StatusTone.Bad), (answer.Title, answer.Tone));
        Assert.StartsWith("Your bank declined the card.", answer.Text, StringComparison.Ordinal);
        await scene.SpendAsync(buyer.Id, 95);
        var story = RechargeStory.Of(await scene.Portal.Services.GetRequiredService<RechargeReader>().ReadAsync(buyer.Id));
        Assert.Equal("Waiting", story.Badge);
        Assert.Contains("Visa ••0341 was refused for $6.50: your bank declined the card.", story.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_tenant_has_switched_off_or_limited_stays_so()
    {
        var off = await BuyerAsync("pm_card_visa", new RechargeChange { Enabled = false });
        var limited = await BuyerAsync("pm_card_visa", new RechargeChange { Enabled = true, MonthlyLimit = 1m });
        var agent = await scene.AgentAsync();

        var refused = await Retry.RunAsync(off.Id, agent);
        var capped = await Retry.RunAsync(limited.Id, agent);

        Assert.Contains("has not switched auto-recharge on", refused.Text, StringComparison.Ordinal);
        Assert.Contains("would go beyond the limit", capped.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), ((await off.ChargesAsync()).SucceededCharges, (await limited.ChargesAsync()).SucceededCharges));
        Assert.Empty(await LinesAsync(off.Id));
    }

    private async Task<Buyer> BuyerAsync(string card, RechargeChange? change = null)
    {
        var buyer = await scene.Portal.BuyerAsync();
        await buyer.SaveCardAsync(card);
        var given = await scene.Portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = buyer.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Credits(100),
            Kind = EntryKind.Adjustment,
            Counter = CounterAccount.Adjustment,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = TimeProvider.System.GetUtcNow(),
        });
        Assert.True(given.IsPosted);
        var saved = await scene.Portal.Services.GetRequiredService<RechargeSettings>().SaveAsync(
            buyer.Id, (change ?? new RechargeChange { Enabled = true }) with { Threshold = 10, Amount = 250 }, RechargeDoor.Portal);
        Assert.Null(saved.Problem);
        return buyer;
    }

    private async Task<List<AuditLine>> LinesAsync(Guid tenantId)
    {
        await using var unit = await scene.Portal.Database.BeginOpsAsync();
        return await unit.Db.Set<AuditLine>().AsNoTracking().Where(
            line => line.TenantId == tenantId && line.Action == "recharge.retried").ToListAsync();
    }
}
