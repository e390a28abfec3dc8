using BillingPortal.Alerts;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>Credits and funds given and taken by staff: once, exact, never more than is there.</summary>
public sealed class AdjustmentTests(DeskScene scene) : IClassFixture<DeskScene>
{
    [Fact]
    public async Task A_credit_is_posted_once_with_its_reason_and_told()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var agent = await scene.AgentAsync();
        var request = DeskScene.Give(buyer.Id, Amount.Credits(12.5m), key: $"give-{buyer.Id}");

        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scene.Adjustments.RequestAsync(agent, request)));

        Assert.Single(results, result => result.Outcome is RequestOutcome.Started);
        Assert.Equal(4, results.Count(result => result.Outcome is RequestOutcome.Repeated));
        Assert.Equal((1012.5m, 0m), await scene.BooksAsync(buyer.Id));
        var entry = Assert.Single(await scene.EntriesAsync(buyer.Id, EntryKind.Adjustment));
        Assert.Equal("Billing error: We had billed a call twice.", entry.Note);
        await using var unit = await scene.Portal.Database.BeginOpsAsync();
        var notice = await unit.Db.Set<Notification>().SingleAsync(row => row.TenantId == buyer.Id && row.Kind == "adjustment");
        Assert.Equal("12.5 credits added by support", notice.Title);
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_debit_takes_what_is_available_and_never_more()
    {
        var (buyer, _) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 990);
        var agent = await scene.AgentAsync();

        var tooMuch = await scene.Adjustments.RequestAsync(agent, DeskScene.Give(buyer.Id, -Amount.Credits(10.0001m)));
        var all = await scene.Adjustments.RequestAsync(agent, DeskScene.Give(buyer.Id, -Amount.Credits(10)));

        Assert.StartsWith("At most 10 credits can be taken", tooMuch.Why, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Started, all.Outcome);
        Assert.Equal((0m, 0m), await scene.BooksAsync(buyer.Id));
    }

    [Fact]
    public async Task What_is_given_may_end_and_then_is_spent_first()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var ends = TimeProvider.System.GetUtcNow().AddDays(30);
        await scene.Adjustments.RequestAsync(
            await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Credits(40), expiresAt: ends));
        await scene.SpendAsync(buyer.Id, 15);

        var open = await scene.Portal.Services.GetRequiredService<GrantService>().OpenAsync(buyer.Id, Unit.Credits);

        var grant = Assert.Single(open);
        Assert.Equal((25m, "Billing error"), (grant.Remaining.ToDecimal(), grant.Name));
    }

    [Fact]
    public async Task A_credit_pays_a_debt_first()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 1000);
        var asked = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 22))).Action!;
        await scene.Approvals.ApproveAsync(await scene.LeadAsync(), asked.Id, null);
        Assert.Equal((0m, 10m), await scene.BooksAsync(buyer.Id));

        await scene.Adjustments.RequestAsync(await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Credits(25)));

        Assert.Equal((15m, 0m), await scene.BooksAsync(buyer.Id));
        await scene.AssertBooksAsync();
    }

    // 1,000 credits are worth $22.00, so a lead's 1,000 dollars are 50,000 credits at the largest package's price.
    [Fact]
    public async Task Credits_count_against_the_limits_with_what_they_cost()
    {
        var (buyer, _) = await scene.BoughtAsync();

        var small = await scene.Adjustments.PlanAsync(buyer.Id, Amount.Credits(1000));
        var large = await scene.Adjustments.RequestAsync(await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Credits(2501)));

        Assert.Equal(2200, small.ValueCents);
        Assert.Equal((RequestOutcome.AwaitsApproval, 5002), (large.Outcome, large.Action!.ValueCents));
        Assert.Equal((1000m, 0m), await scene.BooksAsync(buyer.Id));
    }
}
