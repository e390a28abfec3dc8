using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Documents.Pdf;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Documents.Statements;

/// <summary>What stands in a month, when it is final, and that it then never changes.</summary>
public sealed class StatementServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private StatementMonth Now => StatementMonth.Of(postgres.Clock.GetUtcNow());

    // Two calls of 5.5 minutes, 3 messages and a top-up of 10 dollars: 10 − 0.75 − 0.06.
    [Fact]
    public async Task Usage_stands_by_service_with_its_quantity_and_its_rate()
    {
        var tenantId = await WithUsageAsync();

        var statement = (await postgres.Statements().FindAsync(tenantId, Unit.Usd, Now))!;

        Assert.Equal(
            [
                (StatementSection.TopUps, "Payments", 1, null, null, 100_000),
                (StatementSection.Usage, "SMS sent", 3, "3 messages", "$0.02 per message", -600),
                (StatementSection.Usage, "Voice calls", 2, "11 minutes", "$0.10 + $0.05 per minute", -7_500),
            ],
            statement.Lines.Select(line => (
                line.Section, line.Text, line.Events, line.Quantity is { } much ? $"{much:0.##} {line.Measure}" : null,
                line.Rate, line.AmountE4)));
        Assert.Equal((Amount.Usd(10), Amount.Usd(-0.81m), Amount.Usd(9.19m)), (statement.TopUps, statement.Used, statement.Closing));
    }

    [Fact]
    public async Task Without_details_the_rate_is_what_each_entry_cost()
    {
        var tenantId = await postgres.TenantRowAsync();
        var now = postgres.Clock.GetUtcNow();
        await Wallet.TestBooks.WriteAsync(postgres.Connections, tenantId, Unit.Credits,
        [
            new Wallet.Line(now, Amount.Credits(1_000), EntryKind.Purchase, Service: null),
            new Wallet.Line(now, Amount.Credits(-5), EntryKind.HoldCapture, "sms_outbound"),
            new Wallet.Line(now, Amount.Credits(-5), EntryKind.HoldCapture, "sms_outbound"),
            new Wallet.Line(now, Amount.Credits(5), EntryKind.Refund, "sms_outbound"),
            new Wallet.Line(now, Amount.Credits(-25), EntryKind.HoldCapture, "voice"),
            new Wallet.Line(now, Amount.Credits(-100), EntryKind.Rent, "number_monthly"),
        ]);

        var statement = (await postgres.Statements().FindAsync(tenantId, Unit.Credits, Now))!;

        Assert.Equal(
            [
                "Payments||", "SMS sent|2|5 credits per message", "Voice calls||", "Number rent|1|100 credits per number",
                "Given back: SMS sent||",
            ],
            statement.Lines.Select(line => $"{line.Text}|{line.Quantity}|{line.Rate}"));
    }

    [Fact]
    public async Task A_month_that_is_over_is_stored_once_and_keeps_its_names_whoever_asks_for_it()
    {
        var tenantId = await WithUsageAsync();
        var month = Now;
        postgres.Clock.MoveTo(month.ClosesAt);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => postgres.Statements().FindAsync(tenantId, Unit.Usd, month)));
        Assert.Empty(await postgres.BillingDetails().SaveAsync(tenantId, Details("Later Ltd"), userId: null));
        var later = (await postgres.Statements().FindAsync(tenantId, Unit.Usd, month))!;

        Assert.All(made, statement => Assert.True(statement!.IsFinal));
        Assert.Single(made.Append(later).Select(statement => statement!.MadeAt).Distinct());
        Assert.Equal("Acme Voice", later.Customer.Name);
        Assert.Equal(made.Select(statement => StatementPdf.Write(statement!)), Enumerable.Repeat(StatementPdf.Write(later), 8));
        Assert.Equal(1, await StoredAsync(tenantId));
    }

    [Fact]
    public async Task The_running_month_is_told_so_far_and_not_kept()
    {
        var tenantId = await WithUsageAsync();

        var before = (await postgres.Statements().FindAsync(tenantId, Unit.Usd, Now))!;
        await new TestTenant(postgres, postgres.LedgerWriter, tenantId).CreditAsync(1, unit: Unit.Usd);
        var after = (await postgres.Statements().FindAsync(tenantId, Unit.Usd, Now))!;

        Assert.False(before.IsFinal);
        Assert.Equal(Amount.Usd(1), after.Closing - before.Closing);
        Assert.Equal(0, await StoredAsync(tenantId));
        Assert.Contains("so far", new PdfReader(StatementPdf.Write(after)).Text, StringComparison.Ordinal);
    }

    // Between midnight and three the month is over, but not closed: postings that were on their way may still land.
    [Fact]
    public async Task A_month_is_final_three_hours_after_its_end()
    {
        var tenantId = await WithUsageAsync();
        var month = Now;
        postgres.Clock.MoveTo(month.ClosesAt.AddSeconds(-1));

        Assert.False((await postgres.Statements().FindAsync(tenantId, Unit.Usd, month))!.IsFinal);
        postgres.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await postgres.Statements().FindAsync(tenantId, Unit.Usd, month))!.IsFinal);
    }

    [Fact]
    public async Task There_is_no_statement_before_the_first_entry_nor_of_the_future()
    {
        var tenantId = await WithUsageAsync();

        Assert.Null(await postgres.Statements().FindAsync(tenantId, Unit.Usd, Now.Previous));
        Assert.Null(await postgres.Statements().FindAsync(tenantId, Unit.Usd, Now.Next));
        Assert.Null(await postgres.Statements().FindAsync(tenantId, Unit.Credits, Now));
        Assert.Empty(await postgres.Statements().ListAsync(tenantId, Unit.Credits, most: 10));
    }

    [Fact]
    public async Task A_tenants_session_may_read_its_statements_and_write_none()
    {
        var tenantId = await WithUsageAsync();

        await using var unit = await postgres.Database.BeginAsync(tenantId);
        await using var forged = unit.Command("DELETE FROM statements");
        var fault = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => forged.ExecuteNonQueryAsync());
        Assert.Equal("42501", fault.SqlState);
    }

    internal static BillingDetailsForm Details(string name) =>
        new() { LegalName = name, Address = "Street 1", Country = "DE", TaxName = "VAT", TaxPercent = 19 };

    private async Task<Guid> WithUsageAsync()
    {
        var tenantId = await postgres.TenantRowAsync();
        await new TestTenant(postgres, postgres.LedgerWriter, tenantId).CreditAsync(10, unit: Unit.Usd);
        List<UsageEvent> events =
        [
            UsageFixtures.Event("voice", 5.5m), UsageFixtures.Event("voice", 5.5m), UsageFixtures.Event("sms_outbound", 1),
            UsageFixtures.Event("sms_outbound", 1), UsageFixtures.Event("sms_outbound", 1),
        ];
        var results = await postgres.Usage().RecordAsync(tenantId, Unit.Usd, events);
        Assert.All(results, result => Assert.Equal(UsageOutcome.Posted, result.Outcome));
        return tenantId;
    }

    private async Task<int> StoredAsync(Guid tenantId)
    {
        await using var unit = await postgres.Database.BeginAsync(tenantId);
        return await unit.Db.Set<Statement>().CountAsync();
    }
}
