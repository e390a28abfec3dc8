using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Receipts;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Documents.Receipts;

/// <summary>
/// Receipt numbers: one per payment, 1, 2, 3 … per series and year, whoever asks and however many at once.
/// </summary>
public sealed class ReceiptServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    // Forty purchases, each asked for by four at once, from two services as in two processes: numbers 1 to 40.
    [Fact]
    public async Task Racing_issues_give_every_purchase_one_number_and_leave_no_gap()
    {
        var tenant = await postgres.TenantRowAsync();
        var purchases = new List<Guid>();
        for (var count = 0; count < 40; count++)
        {
            purchases.Add(await postgres.PurchaseAsync(tenant));
        }

        ReceiptService[] services = [postgres.Receipts("RACE"), postgres.Receipts("RACE")];
        var issued = await Task.WhenAll(Enumerable.Range(0, 160).Select(
            index => services[index % 2].IssueAsync(purchases[index * 7 % 40])));

        var numbers = issued.Select(one => (one!.Receipt.PurchaseId, one.Receipt.Number)).Distinct().ToList();
        Assert.Equal(40, numbers.Count);
        Assert.Equal(Enumerable.Range(1, 40), numbers.Select(pair => pair.Number).Order());
        Assert.Equal(40, await LastAsync("RACE", 2026));
    }

    [Fact]
    public async Task A_number_that_was_not_committed_is_given_out_again()
    {
        var tenant = await postgres.TenantRowAsync();
        var (first, second) = (await postgres.PurchaseAsync(tenant), await postgres.PurchaseAsync(tenant));
        await postgres.Receipts("GAP").IssueAsync(first);
        await using (var broken = await postgres.Database.BeginOpsAsync())
        {
            await using var count = broken.Command(
                "UPDATE receipt_series SET last_number = last_number + 1 WHERE series = 'GAP'");
            await count.ExecuteNonQueryAsync();
        }

        Assert.Equal(2, (await postgres.Receipts("GAP").IssueAsync(second))!.Receipt.Number);
    }

    [Fact]
    public async Task Each_year_and_each_series_counts_from_one()
    {
        var tenant = await postgres.TenantRowAsync();
        var newYear = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var old = await postgres.PurchaseAsync(tenant, settledAt: newYear.AddSeconds(-1));
        var young = await postgres.PurchaseAsync(tenant, settledAt: newYear);

        Assert.Equal("YEAR-2026-000001", (await postgres.Receipts("YEAR").IssueAsync(old))!.Receipt.Text);
        Assert.Equal("YEAR-2027-000001", (await postgres.Receipts("YEAR").IssueAsync(young))!.Receipt.Text);
    }

    [Theory]
    [InlineData(PurchaseState.Started)]
    [InlineData(PurchaseState.Processing)]
    [InlineData(PurchaseState.Failed)]
    public async Task What_is_not_paid_has_no_receipt(PurchaseState state)
    {
        var purchase = await postgres.PurchaseAsync(await postgres.TenantRowAsync(), state: state);

        Assert.Null(await postgres.Receipts("UNPAID").IssueAsync(purchase));
        Assert.Null(await postgres.Receipts("UNPAID").IssueAsync(Ids.New()));
        Assert.Null(await LastAsync("UNPAID", 2026));
    }

    [Fact]
    public async Task An_issued_receipt_keeps_the_names_and_the_rate_of_its_day()
    {
        var tenant = await postgres.TenantRowAsync("Acme Voice");
        var (first, second) = (await postgres.PurchaseAsync(tenant), await postgres.PurchaseAsync(tenant));
        await postgres.Receipts("KEEP").IssueAsync(first);
        Assert.Empty(await postgres.BillingDetails().SaveAsync(tenant, new BillingDetailsForm
        {
            LegalName = "Acme SA",
            Address = "Rue 1",
            Country = "FR",
            TaxName = "TVA",
            TaxPercent = 20,
        }, userId: null));

        var before = (await postgres.Receipts("KEEP").IssueAsync(first))!.Receipt;
        var after = (await postgres.Receipts("KEEP").IssueAsync(second))!.Receipt;

        Assert.Equal(("Acme Voice", 0m), (before.Customer.Name, before.TaxPercent));
        Assert.Equal(("Acme SA", 20m, "TVA"), (after.Customer.Name, after.TaxPercent, after.TaxName));
        Assert.Equal("Portal GmbH", before.Seller.Name);
    }

    // 5.00 refunded, then 17.00 more; the dispute of 3.00 is lost and won again.
    [Fact]
    public async Task Each_change_of_what_went_back_is_one_credit_line()
    {
        var purchase = await postgres.PurchaseAsync(await postgres.TenantRowAsync());
        var receipts = postgres.Receipts("BACK");
        await receipts.IssueAsync(purchase);
        foreach (var (refunded, disputed) in new[] { (500, 0), (500, 300), (500, 300), (500, 0), (2200, 0) })
        {
            postgres.Clock.Advance(TimeSpan.FromMinutes(1));
            await postgres.GoneBackAsync(purchase, refunded, disputed);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => receipts.IssueAsync(purchase)));
        }

        var issued = (await receipts.IssueAsync(purchase))!;

        Assert.Equal(
            [
                (1, CreditReason.Refund, 500), (2, CreditReason.Dispute, 300), (3, CreditReason.Dispute, -300),
                (4, CreditReason.Refund, 1700),
            ],
            issued.Credits.Select(credit => (credit.Ordinal, credit.Reason, credit.Cents)));
        Assert.Equal(1, issued.Receipt.Number);
    }

    [Fact]
    public async Task The_sweep_issues_what_is_missing_and_notes_what_went_back_oldest_first()
    {
        var tenant = await postgres.TenantRowAsync();
        var day = postgres.Clock.GetUtcNow().AddDays(-3);
        var second = await postgres.PurchaseAsync(tenant, settledAt: day.AddHours(1));
        var first = await postgres.PurchaseAsync(tenant, settledAt: day);
        await postgres.PurchaseAsync(tenant, state: PurchaseState.Started);
        var receipts = postgres.Receipts("SWEEP");

        Assert.Equal(1, await receipts.IssueMissingAsync(tenant, most: 1));
        Assert.Equal(1, await receipts.IssueMissingAsync(tenant, most: 10));
        Assert.Equal(0, await receipts.IssueMissingAsync(tenant, most: 10));
        await postgres.GoneBackAsync(first, refunded: 100);
        Assert.Equal(1, await receipts.IssueMissingAsync(tenant, most: 10));

        Assert.Equal(1, (await receipts.IssueAsync(first))!.Receipt.Number);
        Assert.Equal(2, (await receipts.IssueAsync(second))!.Receipt.Number);
    }

    private async Task<int?> LastAsync(string series, int year)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<ReceiptSeries>().Where(row => row.Series == series && row.Year == year)
            .Select(row => (int?)row.LastNumber).SingleOrDefaultAsync();
    }
}
