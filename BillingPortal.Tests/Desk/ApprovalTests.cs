using BillingPortal.Audit;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Desk;

/// <summary>What is too much for one person waits for another; nobody decides for themselves.</summary>
public sealed class ApprovalTests(DeskScene scene) : IClassFixture<DeskScene>
{
    [Fact]
    public async Task Spent_credits_need_a_second_person_and_then_become_debt()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 600);

        var asked = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 2200));
        Assert.Equal(RequestOutcome.AwaitsApproval, asked.Outcome);
        Assert.Equal((true, 600m), (asked.Action!.LeavesDebt, asked.Action.Debt.ToDecimal()));
        Assert.Equal((0, 0L), await scene.RefundsAtStripeAsync(purchase));

        var decided = await scene.Approvals.ApproveAsync(await scene.LeadAsync(), asked.Action.Id, "Agreed with the customer");

        Assert.Equal((null, StaffActionState.Done), (decided.Why, decided.Action!.State));
        Assert.Equal((1, 2200L), await scene.RefundsAtStripeAsync(purchase));
        Assert.Equal((0m, 600m), await scene.BooksAsync(buyer.Id));
        await scene.AssertBooksAsync();
    }

    [Fact]
    public async Task A_lead_cannot_approve_a_request_of_their_own_and_an_agent_none()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var lead = await scene.LeadAsync();
        var asked = (await scene.Adjustments.RequestAsync(lead, DeskScene.Give(buyer.Id, Amount.Usd(1_000.01m)))).Action!;

        var own = await scene.Approvals.ApproveAsync(lead, asked.Id, null);
        var agent = await scene.Approvals.ApproveAsync(await scene.AgentAsync(), asked.Id, null);
        Assert.StartsWith("Nobody decides about a request of their own", own.Why, StringComparison.Ordinal);
        Assert.Equal("Only a support lead decides about requests.", agent.Why);
        Assert.Equal((0m, 0m), await scene.BooksAsync(buyer.Id, Unit.Usd));

        var other = await scene.Approvals.ApproveAsync(await scene.LeadAsync(), asked.Id, null);
        var twice = await scene.Approvals.ApproveAsync(await scene.LeadAsync(), asked.Id, null);
        Assert.Null(other.Why);
        Assert.NotNull(twice.Why);
        Assert.Equal((1000.01m, 0m), await scene.BooksAsync(buyer.Id, Unit.Usd));
    }

    [Fact]
    public async Task An_agent_above_the_limit_or_the_day_waits()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var agent = await scene.AgentAsync();

        var large = await scene.Adjustments.RequestAsync(agent, DeskScene.Give(buyer.Id, Amount.Usd(50.01m)));
        var outcomes = new List<RequestOutcome>();
        for (var i = 0; i < 5; i++)
        {
            outcomes.Add((await scene.Adjustments.RequestAsync(agent, DeskScene.Give(buyer.Id, Amount.Usd(50)))).Outcome);
        }

        Assert.True(large.Action!.IsAboveLimit);
        Assert.Equal([.. Enumerable.Repeat(RequestOutcome.Started, 4), RequestOutcome.AwaitsApproval], outcomes);
        Assert.Equal((200m, 0m), await scene.BooksAsync(buyer.Id, Unit.Usd));
    }

    // Twenty at once of $50 each: the day holds four, whoever comes first.
    [Fact]
    public async Task The_days_limit_holds_against_many_clicks_at_once()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var agent = await scene.AgentAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            scene.Adjustments.RequestAsync(agent, DeskScene.Give(buyer.Id, Amount.Usd(50)))));

        Assert.Equal((200m, 0m), await scene.BooksAsync(buyer.Id, Unit.Usd));
    }

    [Fact]
    public async Task A_refund_that_waits_keeps_others_off_until_it_is_withdrawn_or_refused()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 900);
        var (agent, lead) = (await scene.AgentAsync(), await scene.LeadAsync());
        var asked = (await scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, 2200))).Action!;

        var second = await scene.Refunds.RequestAsync(lead, DeskScene.Part(purchase, 100));
        Assert.Contains("waits for a second person", second.Why, StringComparison.Ordinal);
        Assert.NotNull((await scene.Approvals.WithdrawAsync(lead, asked.Id)).Why);
        Assert.Null((await scene.Approvals.WithdrawAsync(agent, asked.Id)).Why);
        Assert.Equal(RequestOutcome.Started, (await scene.Refunds.RequestAsync(lead, DeskScene.Part(purchase, 100))).Outcome);

        var again = (await scene.Refunds.RequestAsync(agent, DeskScene.Part(purchase, 2100))).Action!;
        Assert.Null((await scene.Approvals.RefuseAsync(lead, again.Id, "Offer credits instead")).Why);
        Assert.Equal(StaffActionState.Refused, (await scene.ActionAsync(again.Id)).State);
        Assert.Equal((1, 100L), await scene.RefundsAtStripeAsync(purchase));
    }

    [Fact]
    public async Task What_has_changed_meanwhile_is_not_approved()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 1000);
        var asked = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 2200))).Action!;
        await scene.ExecuteAsync("UPDATE purchases SET refunded_cents = 1 WHERE id = $1", purchase.Id);

        var decided = await scene.Approvals.ApproveAsync(await scene.LeadAsync(), asked.Id, null);

        Assert.StartsWith("Only $21.99 of this payment is left", decided.Why, StringComparison.Ordinal);
        Assert.Equal(StaffActionState.AwaitingApproval, (await scene.ActionAsync(asked.Id)).State);
    }

    [Fact]
    public async Task What_nobody_decides_in_a_week_is_refused()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var asked = (await scene.Adjustments.RequestAsync(
            await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Usd(51)))).Action!;
        await scene.ExecuteAsync("UPDATE staff_actions SET requested_at = requested_at - interval '8 days' WHERE id = $1", asked.Id);

        Assert.Equal(1, await scene.Approvals.ExpireAsync(100, TestContext.Current.CancellationToken));

        var late = await scene.ActionAsync(asked.Id);
        Assert.Equal((StaffActionState.Refused, "Nobody decided in time."), (late.State, late.DecisionNote));
    }

    // The wall behind the service: the database itself refuses it.
    [Fact]
    public async Task The_database_refuses_what_no_second_person_has_approved()
    {
        var (buyer, _) = await scene.BoughtAsync();
        var asked = (await scene.Adjustments.RequestAsync(
            await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Usd(51)))).Action!;

        var alone = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.ExecuteAsync(
            "UPDATE staff_actions SET state = 'done', ended_at = now() WHERE id = $1", asked.Id));
        var own = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => scene.ExecuteAsync(
            "UPDATE staff_actions SET decided_by = requested_by WHERE id = $1", asked.Id));

        Assert.Equal("ck_staff_actions_approved", alone.ConstraintName);
        Assert.Equal("ck_staff_actions_second_person", own.ConstraintName);
    }

    [Fact]
    public async Task Every_step_is_written_down_without_what_staff_says_among_themselves()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await scene.SpendAsync(buyer.Id, 500);
        var asked = (await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 2200))).Action!;
        await scene.Approvals.ApproveAsync(await scene.LeadAsync(), asked.Id, "Between us");

        await using var unit = await scene.Portal.Database.BeginOpsAsync();
        var lines = await unit.Db.Set<AuditLine>().AsNoTracking()
            .Where(line => line.TenantId == buyer.Id && line.Action.StartsWith("refund"))
            .OrderBy(line => line.At).ThenBy(line => line.Id).ToListAsync();

        Assert.Equal(["refund.requested", "refund.approved", "refund.done"], lines.Select(line => line.Action));
        Assert.Equal(["Sam Porter (support agent)", "Lena Hoff (support lead)", "Sam Porter (support agent)"],
            lines.Select(line => line.ActorName));
        Assert.All(lines, line => Assert.DoesNotContain("Ticket 4711", line.Summary + line.After, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain("Between us", line.Summary + line.After, StringComparison.Ordinal));
    }
}
