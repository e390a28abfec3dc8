using System.Security.Cryptography;
using System.Text;
using BillingPortal.AutoRecharge;
using BillingPortal.Data;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Settlement;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Year;

/// <summary>What must be true of a year's books, whoever did what: read afterwards, tenant by tenant.</summary>
internal static class YearBooks
{
    private const int MonthsMax = 15;

    /// <summary>The audits find nothing, and every account is the sum of its entries and holds.</summary>
    public static async Task AssertCleanAsync(this YearWorld world) =>
        Assert.Empty((await world.Get<LedgerAudit>().RunAsync(full: true)).Violations);

    /// <summary>
    /// Each month's statement: opening + lines = closing, the opening is the closing before, the last closing is the balance.
    /// </summary>
    /// <returns>How many statements there are.</returns>
    public static async Task<int> AssertStatementsTieAsync(this YearWorld world, YearTenant tenant)
    {
        var count = 0;
        foreach (var account in new[] { Unit.Credits, Unit.Usd })
        {
            var statements = (await world.Get<StatementService>().ListAsync(tenant.Id, account, MonthsMax)).Reverse().ToList();
            var (balance, seq, debt) = (Amount.Zero(account), 0L, Amount.Zero(account));
            foreach (var statement in statements)
            {
                var where = $"{tenant.Slug}, {account}, {statement.Month}";
                var closing = statement.OpeningE4 + statement.Lines.Sum(line => line.AmountE4);
                Assert.True((balance, seq) == (statement.Opening, statement.AfterSeq), $"{where}: begins elsewhere");
                Assert.True(closing == statement.ClosingE4, $"{where}: does not add up");
                Assert.True(await SumAsync(world, statement) == statement.ChangeE4, $"{where}: is not its entries");
                (balance, seq, debt) = (statement.Closing, statement.ThroughSeq, statement.DebtClosing);
            }

            var now = await world.Get<BalanceReader>().ReadAsync(tenant.Id, account);
            Assert.Equal((now.Posted, now.Debt), (balance, debt));
            count += statements.Count;
        }

        return count;
    }

    /// <summary>What Stripe took and gave back of this customer is what the payment history says, to the cent.</summary>
    /// <returns>Cents taken, given back by refund, and withdrawn by disputes.</returns>
    public static async Task<(long Taken, long Refunded, long Disputed)> AssertMoneyIsStripesAsync(
        this YearWorld world, YearTenant tenant)
    {
        await using var unit = await world.Get<Database>().BeginAsync(tenant.Id);
        var settled = await unit.Db.Set<Purchase>().AsNoTracking()
            .Where(row => row.State == PurchaseState.Settled).ToListAsync();
        var stripe = await world.Sandbox.PaymentsAsync(tenant.Customer);
        var withdrawn = 0L;
        foreach (var purchase in settled.Where(row => row.Dispute is not null))
        {
            var disputes = await world.Sandbox.Stripe.GetAsync($"disputes?payment_intent={purchase.PaymentIntentId}");
            withdrawn += disputes.Json["data"]!.AsArray().Where(one => (string)one!["status"]! != "won")
                .Sum(one => (long)one!["amount"]!);
        }

        var ours = (
            settled.Sum(row => (long)row.PriceCents), settled.Sum(row => (long)row.RefundedCents),
            settled.Sum(row => (long)row.DisputedCents));
        Assert.Equal((stripe.SucceededAmount, stripe.RefundedAmount, withdrawn), ours);

        // In the wallet a cent paid is a cent had, less what went back.
        var given = await unit.Db.Set<Entry>().Where(entry => entry.Unit == Unit.Usd && entry.Kind == EntryKind.Purchase)
            .SumAsync(entry => entry.AmountE4);
        Assert.Equal(settled.Where(row => row.Unit is Unit.Usd).Sum(row => row.PriceCents * 100L), given);
        return ours;
    }

    /// <summary>Every settled month is one entry, the sum of what was reserved with it, and nothing older is left open.</summary>
    /// <returns>How many months were settled.</returns>
    public static async Task<int> AssertMonthsAreSettledAsync(this YearWorld world, YearTenant tenant)
    {
        await using var unit = await world.Get<Database>().BeginAsync(tenant.Id);
        var billings = await unit.Db.Set<MonthlyBilling>().AsNoTracking().ToListAsync();
        foreach (var billing in billings)
        {
            var reserved = await unit.Db.Set<HoldExtension>().Where(line => line.HoldId == billing.HoldId)
                .SumAsync(line => line.AmountE4);
            var entry = await unit.Db.Set<Entry>().SingleAsync(row => row.Unit == Unit.Usd && row.Seq == billing.EntrySeq);
            Assert.Equal((billing.AmountE4, -billing.AmountE4, EntryKind.Settlement), (reserved, entry.AmountE4, entry.Kind));
        }

        Assert.Equal(billings.Count, await unit.Db.Set<Entry>().CountAsync(row => row.Kind == EntryKind.Settlement));
        var open = BillingMonth.FirstOpen(world.Clock.GetUtcNow()).Code;
        var reservedWith = await unit.Db.Set<Hold>()
            .Where(hold => hold.State == HoldState.Open && hold.CauseType == Hold.Reservation)
            .Select(hold => hold.CauseId).ToListAsync();
        Assert.All(reservedWith, month => Assert.True(
            StringComparer.Ordinal.Compare(month, open) >= 0, $"{tenant.Slug}: {month} is still open"));
        return billings.Count;
    }

    /// <summary>One line per entry of everybody, without the ids that are new in every run, as a short text.</summary>
    public static async Task<string> DigestAsync(this YearWorld world, IEnumerable<YearTenant> tenants)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var unit = await world.Get<Database>().BeginOpsAsync();
        foreach (var tenant in tenants)
        {
            var entries = await unit.Db.Set<Entry>().AsNoTracking().Where(entry => entry.TenantId == tenant.Id)
                .OrderBy(entry => entry.Unit).ThenBy(entry => entry.Seq).ToListAsync();
            foreach (var entry in entries)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(
                    $"{tenant.Slug}|{entry.Unit}|{entry.Seq}|{entry.Kind}|{entry.Service}|{entry.AmountE4}|"
                    + $"{entry.BalanceAfterE4}|{entry.PostedAt:u}\n"));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>How many attempts to recharge ended how.</summary>
    public static async Task<Dictionary<AttemptState, int>> AttemptsAsync(this YearWorld world)
    {
        await using var unit = await world.Get<Database>().BeginOpsAsync();
        return await unit.Db.Set<RechargeAttempt>().GroupBy(attempt => attempt.State)
            .ToDictionaryAsync(group => group.Key, group => group.Count());
    }

    private static async Task<long> SumAsync(YearWorld world, Statement statement)
    {
        await using var unit = await world.Get<Database>().BeginAsync(statement.TenantId);
        return await unit.Db.Set<Entry>().Where(entry => entry.Unit == statement.Unit
            && entry.Seq > statement.AfterSeq && entry.Seq <= statement.ThroughSeq).SumAsync(entry => entry.AmountE4);
    }
}
