using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static BillingPortal.Tests.Usage.UsageFixtures;

namespace BillingPortal.Tests.Settlement;

/// <summary>From the wallet to credits and back: what is settled, switched off, kept and refused.</summary>
public sealed class PlanTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private PlanService Plans => portal.Services.GetRequiredService<PlanService>();

    [Fact]
    public async Task Leaving_the_wallet_settles_the_running_month_and_keeps_both_balances()
    {
        var tenant = await TenantAsync(usd: 10, credits: 100);
        await UseAsync(tenant, Unit.Usd, "voice", 5.5m, "call-1");

        Assert.Null(await Plans.ChangePlanAsync(tenant.Id, Unit.Credits, userId: null));

        Assert.Equal((Amount.Usd(9.625m), Amount.Usd(0)), await BalanceAsync(tenant, Unit.Usd));
        Assert.Equal((Amount.Credits(100), Amount.Credits(0)), await BalanceAsync(tenant, Unit.Credits));
        await using var unit = await portal.Services.GetRequiredService<BillingPortal.Data.Database>().BeginAsync(tenant.Id);
        var billing = await unit.Db.Set<MonthlyBilling>().SingleAsync();
        var change = await unit.Db.Set<PlanChange>().SingleAsync();
        Assert.Equal((3_750L, SettlementReason.PlanChange), (billing.AmountE4, billing.Reason));
        Assert.Equal(
            (Unit.Usd, Unit.Credits, 3_750L, false),
            (change.FromPlan, change.ToPlan, change.SettledE4, change.RechargeSwitchedOff));
        Assert.Equal(Unit.Credits, (await unit.Db.Set<Tenant>().SingleAsync()).Plan);
    }

    [Fact]
    public async Task What_one_account_has_reserved_is_not_paid_again_by_the_other()
    {
        var tenant = await TenantAsync(usd: 10, credits: 100);
        await UseAsync(tenant, Unit.Usd, "email", 3, "mail-1");
        await Plans.ChangePlanAsync(tenant.Id, Unit.Credits, userId: null);

        var repeat = await UseAsync(tenant, Unit.Credits, "email", 3, "mail-1");

        Assert.Equal(UsageOutcome.Duplicate, repeat.Outcome);
        Assert.Equal((Amount.Credits(100), Amount.Credits(0)), await BalanceAsync(tenant, Unit.Credits));
    }

    [Fact]
    public async Task Back_on_the_wallet_the_same_month_reserves_with_the_next_and_cannot_be_left_again()
    {
        var tenant = await TenantAsync(usd: 10, credits: 100);
        await UseAsync(tenant, Unit.Usd, "email", 1, "mail-1");
        await Plans.ChangePlanAsync(tenant.Id, Unit.Credits, userId: null);
        await Plans.ChangePlanAsync(tenant.Id, Unit.Usd, userId: null);

        await UseAsync(tenant, Unit.Usd, "email", 1, "mail-2");
        var refusal = await Plans.ChangePlanAsync(tenant.Id, Unit.Credits, userId: null);

        Assert.StartsWith("The wallet plan can be left once a month", refusal);
        var status = await portal.Services.GetRequiredService<SettlementReader>().ReadAsync(tenant.Id);
        Assert.Equal((status.Month.Next, Amount.Usd(0.01m)), (status.Open[0].Month, status.Open[0].Reserved));
        Assert.NotNull(status.Closed);
        Assert.Equal(refusal, (await Plans.PreviewAsync(tenant.Id)).Refusal);
    }

    [Fact]
    public async Task The_recharge_of_the_account_that_is_left_goes_off()
    {
        var tenant = await TenantAsync(usd: 10, credits: 100);
        await portal.Services.GetRequiredService<RechargeSettings>().SaveAsync(
            tenant.Id, new RechargeChange { Enabled = true, Threshold = 2 }, RechargeDoor.Portal);
        Assert.True((await Plans.PreviewAsync(tenant.Id)).SwitchesOffRecharge);

        await Plans.ChangePlanAsync(tenant.Id, Unit.Credits, userId: null);

        await using var unit = await portal.Services.GetRequiredService<BillingPortal.Data.Database>().BeginAsync(tenant.Id);
        Assert.False((await unit.Db.Set<RechargeRule>().SingleAsync()).Enabled);
        Assert.True((await unit.Db.Set<PlanChange>().SingleAsync()).RechargeSwitchedOff);
        Assert.All(await unit.Db.Set<Account>().ToListAsync(), account => Assert.Null(account.RechargeBelowE4));
    }

    [Fact]
    public async Task A_call_that_is_under_way_ends_on_the_account_it_began_on()
    {
        var tenant = await TenantAsync(usd: 10, credits: 100);
        var holds = portal.Services.GetRequiredService<UsageHoldService>();
        var hold = await holds.HoldAsync(tenant.Id, Unit.Usd, new HoldRequest("voice", 10, "call-1", null));
        Assert.Equal(Amount.Usd(0.6m), (await Plans.PreviewAsync(tenant.Id)).UnderWay);
        await Plans.ChangePlanAsync(tenant.Id, Unit.Credits, userId: null);

        await holds.CaptureAsync(tenant.Id, hold.HoldId!.Value, 5.5m);

        Assert.Equal((Amount.Usd(9.625m), Amount.Usd(0)), await BalanceAsync(tenant, Unit.Usd));
        Assert.Equal((Amount.Credits(100), Amount.Credits(0)), await BalanceAsync(tenant, Unit.Credits));
    }

    [Fact]
    public async Task A_change_of_mode_leaves_what_is_reserved_and_is_remembered()
    {
        var tenant = await TenantAsync(usd: 10);
        await UseAsync(tenant, Unit.Usd, "email", 1, "mail-1");

        await Plans.ChangeModeAsync(tenant.Id, SettlementMode.Immediate, userId: null);
        var used = await UseAsync(tenant, Unit.Usd, "email", 2, "mail-2");

        Assert.Equal("usd-2", used.EntryId);
        Assert.Equal((Amount.Usd(9.98m), Amount.Usd(0.01m)), await BalanceAsync(tenant, Unit.Usd));
        await using var unit = await portal.Services.GetRequiredService<BillingPortal.Data.Database>().BeginAsync(tenant.Id);
        var change = await unit.Db.Set<PlanChange>().SingleAsync();
        Assert.Equal((SettlementMode.Monthly, SettlementMode.Immediate), (change.FromMode, change.ToMode));
    }

    private async Task<Tenant> TenantAsync(decimal usd, decimal credits = 0)
    {
        var tenant = await portal.TenantAsync(Unit.Usd);
        foreach (var amount in new[] { Amount.Credits(credits), Amount.Usd(usd) }.Where(amount => amount.IsPositive))
        {
            await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
            {
                TenantId = tenant.Id,
                Operation = LedgerOperation.Credit,
                Amount = amount,
                Kind = EntryKind.Purchase,
                Counter = CounterAccount.CardClearing,
                Key = Ids.New(),
                CauseType = "test",
                OccurredAt = tenant.CreatedAt,
            });
        }

        return tenant;
    }

    private async Task<UsageResult> UseAsync(Tenant tenant, Unit plan, string service, decimal quantity, string reference) =>
        (await portal.Services.GetRequiredService<UsageService>().RecordAsync(
            tenant.Id, plan, [Event(service, quantity, reference)]))[0];

    private async Task<(Amount Posted, Amount Held)> BalanceAsync(Tenant tenant, Unit unit)
    {
        var balance = await portal.Services.GetRequiredService<BalanceReader>().ReadAsync(tenant.Id, unit);
        return (balance.Posted, balance.Held);
    }
}
