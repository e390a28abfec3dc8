using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Messaging;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Messaging;

/// <summary>Messages of a tenant that settles monthly are part of its month, and every figure about them agrees.</summary>
public sealed class SmsMonthTests(MessagingScene scene) : IClassFixture<MessagingScene>
{
    private static readonly Amount Price = Amount.Usd(0.02m);

    // Three are sent, one of them is not delivered; two are received: 0.10 reserved, 0.02 of it given back at once.
    [Fact]
    public async Task Page_statistics_month_and_ledger_agree_to_the_last_digit()
    {
        var tenant = await scene.TenantAsync(usd: 1, plan: Unit.Usd);
        await tenant.SendAsync(SandboxTwilio.NewHandset());
        await tenant.SendAsync(SandboxTwilio.NewHandset());
        var lost = await tenant.SendAsync("+16285550021"); // not delivered
        await scene.HandOnAsync();
        await scene.HandOnAsync(); // whatever was said before, it is given back once
        await tenant.ReceiveAsync(SandboxTwilio.NewHandset());
        await tenant.ReceiveAsync(SandboxTwilio.NewHandset());

        var month = await MonthAsync(tenant);
        var (stats, _) = await scene.Stats.ReadAsync(tenant.Id, Unit.Usd, recent: 10);
        var sums = (await new SmsFiguresReader(scene.Postgres.Database).ReadAsync(
            tenant.Id, Unit.Usd, "UTC", new SmsQuery().Judge(TimeZoneInfo.Utc, scene.Clock.GetUtcNow()))).Total;

        Assert.Equal((Amount.Usd(0.10m), Price), (month.Reserved, month.GivenBack));
        Assert.Equal(month.Reserved - month.GivenBack, stats.SentCredits + stats.ReceivedCredits);
        Assert.Equal((stats.SentCredits, stats.ReceivedCredits, month.GivenBack), (sums.SpentOnSent, sums.SpentOnReceived, sums.GivenBack));
        Assert.Equal(
            [("sms_outbound", 3m, 3, Amount.Usd(0.06m)), ("sms_inbound", 2m, 2, Amount.Usd(0.04m))],
            month.Services.Select(line => (line.Service, line.Quantity, line.Events, line.Amount)));
        Assert.Equal(
            (SmsPayment.Refunded, (long?)null), (await ReadAsync(lost) is { } message ? (message.Payment, message.EntrySeq) : default));
        await AssertAsync(tenant, balance: 1.02m, available: 0.92m);
        await AssertLogAsync(tenant, 0.08m, entries: 0);

        var entry = await SettleAsync(tenant);
        Assert.Equal(Amount.Usd(-0.10m), new Amount(entry.AmountE4, entry.Unit));
        await AssertAsync(tenant, balance: 0.92m, available: 0.92m);
        await AssertLogAsync(tenant, 0.08m, entries: 5);
    }

    [Fact]
    public async Task What_is_not_delivered_after_its_month_was_settled_is_given_back_all_the_same()
    {
        var tenant = await scene.TenantAsync(usd: 1, plan: Unit.Usd);
        await tenant.SendAsync("+16285550021");
        var settled = await SettleAsync(tenant);

        await scene.HandOnAsync();

        Assert.Equal(Amount.Usd(-0.02m), new Amount(settled.AmountE4, settled.Unit));
        await AssertAsync(tenant, balance: 1, available: 1);
    }

    [Fact]
    public async Task A_message_that_the_provider_refuses_leaves_nothing_with_the_month()
    {
        var tenant = await scene.TenantAsync(usd: 1, plan: Unit.Usd);

        await tenant.SendAsync("+15005550001"); // not taken

        Assert.Empty((await MonthAsync(tenant)).Open);
        await AssertAsync(tenant, balance: 1, available: 1);
    }

    // Nothing covers three messages; 0.05 pay two of them, and reserve them with the month.
    [Fact]
    public async Task A_top_up_reserves_the_oldest_unpaid_messages_with_the_month()
    {
        var tenant = await scene.TenantAsync(usd: 0, plan: Unit.Usd);
        for (var number = 0; number < 3; number++)
        {
            await tenant.ReceiveAsync(SandboxTwilio.NewHandset());
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await using (var unit = await scene.Postgres.Database.BeginOpsAsync())
        {
            var credit = tenant.Books.Posting(LedgerOperation.Credit, Amount.Usd(0.05m));
            await scene.Get<TopUp>().PostAsync(unit, [credit]);
            await unit.CommitAsync();
        }

        Assert.Equal(
            [SmsPayment.Charged, SmsPayment.Charged, SmsPayment.Unpaid], (await tenant.MessagesAsync()).Select(message => message.Payment));
        Assert.Equal(Amount.Usd(0.04m), (await MonthAsync(tenant)).Reserved);
        await AssertAsync(tenant, balance: 0.05m, available: 0.01m);
    }

    [Fact]
    public async Task An_automatic_reply_is_reserved_beside_the_message_it_answers()
    {
        var tenant = await scene.TenantAsync(usd: 1, plan: Unit.Usd);
        await scene.Settings.SaveAsync(tenant.Id, new SmsSettingsChange(["US"], "We call back.", PerMinuteMax: null));

        var answer = await tenant.ReceiveAsync(SandboxTwilio.NewHandset());
        await scene.News.ApplyAsync(new SmsStatusNews(
            "SM" + Ids.New().ToString("N"), BillingPortal.Providers.Sms.SmsStatus.Delivered, null, answer.Reply!.MessageId));

        Assert.Equal(Amount.Usd(0.04m), (await MonthAsync(tenant)).Reserved);
        await AssertAsync(tenant, balance: 1, available: 0.96m);
    }

    // Sent while everything is debited at once, reported after the month's mode was switched on, and the reverse.
    [Theory]
    [InlineData(SettlementMode.Monthly)]
    [InlineData(SettlementMode.Immediate)]
    public async Task A_change_of_mode_between_a_message_and_its_fate_changes_no_price(SettlementMode first)
    {
        var tenant = await scene.TenantAsync(usd: 1, plan: Unit.Usd);
        await SetAsync(tenant, first);
        await tenant.SendAsync(SandboxTwilio.NewHandset());
        await tenant.SendAsync("+16285550021"); // not delivered
        await SetAsync(tenant, first is SettlementMode.Monthly ? SettlementMode.Immediate : SettlementMode.Monthly);

        await scene.HandOnAsync();
        await tenant.SendAsync(SandboxTwilio.NewHandset());

        Assert.Equal(first is SettlementMode.Monthly ? Amount.Usd(0.04m) : Price, (await MonthAsync(tenant)).Reserved);
        Assert.Equal(0.96m, await tenant.AvailableAsync());
    }

    private Task<MonthlyStatus> MonthAsync(SmsTenant tenant) => scene.Get<SettlementReader>().ReadAsync(tenant.Id);

    private Task<SmsMessage> ReadAsync(SmsSend sent) => scene.MessageAsync(sent.Message!.Id);

    private async Task<Entry> SettleAsync(SmsTenant tenant)
    {
        await using (var unit = await scene.Postgres.Database.BeginOpsAsync())
        {
            var month = BillingMonth.Of(scene.Clock.GetUtcNow());
            await scene.Get<SettlementService>().SettleAsync(unit, tenant.Id, month, SettlementReason.MonthEnd);
            await unit.CommitAsync();
        }

        await using var books = await scene.Postgres.Database.BeginAsync(tenant.Id);
        return await books.Db.Set<Entry>().SingleAsync(entry => entry.Kind == EntryKind.Settlement);
    }

    private async Task SetAsync(SmsTenant tenant, SettlementMode mode)
    {
        await using var unit = await scene.Postgres.Database.BeginOpsAsync();
        (await unit.Db.Set<Tenant>().SingleAsync(row => row.Id == tenant.Id)).SettlementMode = mode;
        await unit.CommitAsync();
    }

    private async Task AssertAsync(SmsTenant tenant, decimal balance, decimal available)
    {
        var stands = await tenant.Books.BalanceAsync(Unit.Usd);
        Assert.Equal((Amount.Usd(balance), Amount.Usd(available)), (stands.Posted, stands.Available));
        var report = await new LedgerAudit(scene.Postgres.Database, scene.Clock).RunAsync(full: true);
        Assert.DoesNotContain(report.Violations, violation => violation.TenantId == tenant.Id);
    }

    // What people query who come from the systems this one replaces.
    private async Task AssertLogAsync(SmsTenant tenant, decimal deducted, int entries)
    {
        await using var unit = await scene.Postgres.Database.BeginAsync(tenant.Id);
        await using var command = unit.Command("SELECT sum(credits_deducted), count(entry_id)::int FROM reporting.sms_logs");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal((deducted, entries), (reader.GetDecimal(0), reader.GetInt32(1)));
    }
}
