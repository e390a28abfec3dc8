using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Tests.Support;

/// <summary>A tenant of one test with opened accounts, and the short sentences a test wants to say about its books.</summary>
public sealed class TestTenant(PostgresFixture postgres, LedgerWriter ledger, Guid id)
{
    public Guid Id { get; } = id;

    public LedgerWriter Ledger { get; } = ledger;

    /// <summary>Posts a debit of usage and says what became of it. Without a key each call is a new debit.</summary>
    public async Task<PostOutcome> DebitAsync(decimal amount, string? key = null, Unit unit = Unit.Credits) =>
        (await Ledger.PostAsync(Posting(LedgerOperation.Debit, Amount.Of(amount, unit), key))).Outcome;

    public async Task<PostOutcome> CreditAsync(decimal amount, string? key = null, Unit unit = Unit.Credits) =>
        (await Ledger.PostAsync(Posting(LedgerOperation.Credit, Amount.Of(amount, unit), key))).Outcome;

    public Task<PostResult> HoldAsync(
        decimal amount, string? key = null, Unit unit = Unit.Credits, DateTimeOffset? expiresAt = null, string? reference = null) =>
        Ledger.PostAsync(Posting(LedgerOperation.Hold, Amount.Of(amount, unit), key) with { ExpiresAt = expiresAt, Reference = reference });

    public Task<PostResult> CaptureAsync(Guid holdId, decimal amount, string? key = null, Unit unit = Unit.Credits) =>
        Ledger.PostAsync(Posting(LedgerOperation.Capture, Amount.Of(amount, unit), key) with { HoldId = holdId });

    public Task<PostResult> ReleaseAsync(Guid holdId, string? key = null, Unit unit = Unit.Credits) =>
        Ledger.PostAsync(Posting(LedgerOperation.Release, Amount.Zero(unit), key) with { HoldId = holdId });

    public Task<PostResult> ClawBackAsync(decimal amount, string? key = null, Unit unit = Unit.Credits) =>
        Ledger.PostAsync(Posting(LedgerOperation.ClawBack, Amount.Of(amount, unit), key));

    /// <summary>A unit of work of this tenant's own session.</summary>
    public Task<UnitOfWork> BeginAsync() => postgres.Database.BeginAsync(Id);

    public Task<Balance> BalanceAsync(Unit unit = Unit.Credits) => new BalanceReader(postgres.Database).ReadAsync(Id, unit);

    /// <summary>A posting of this tenant with the kind and counter account that its operation usually has.</summary>
    public Posting Posting(LedgerOperation operation, Amount amount, string? key = null) => new()
    {
        TenantId = Id,
        Operation = operation,
        Amount = amount,
        Kind = operation switch
        {
            LedgerOperation.Credit => EntryKind.Purchase,
            LedgerOperation.ClawBack => EntryKind.Refund,
            LedgerOperation.Capture => EntryKind.HoldCapture,
            _ => EntryKind.Usage,
        },
        Counter = operation switch
        {
            LedgerOperation.Credit => CounterAccount.CardClearing,
            LedgerOperation.ClawBack => CounterAccount.Refund,
            _ => CounterAccount.VoiceRevenue,
        },
        Key = key is null ? Ids.New() : Ids.FromName("test", Id.ToString(), key),
        CauseType = "test",
        OccurredAt = postgres.Clock.GetUtcNow(),
    };

    /// <summary>
    /// Balance = <paramref name="expected"/> = sum of the entries, numbered without a gap, each with the running balance; held = open
    /// holds; debt = sum of the debt entries.
    /// </summary>
    public async Task AssertBooksBalanceAsync(decimal expected, Unit unit = Unit.Credits)
    {
        await using var work = await postgres.Database.BeginAsync(Id);
        await using var command = work.Command(
            """
            SELECT a.balance_e4, e.total, a.last_seq, e.count, e.wrong, a.held_e4, h.held, a.debt_e4, d.debt
            FROM accounts a,
              LATERAL (SELECT coalesce(sum(amount_e4), 0)::bigint AS total, count(*) AS count,
                              count(*) FILTER (WHERE running <> balance_after_e4 OR n <> seq) AS wrong
                       FROM (SELECT amount_e4, balance_after_e4, seq, sum(amount_e4) OVER (ORDER BY seq) AS running,
                                    row_number() OVER (ORDER BY seq) AS n
                             FROM entries e WHERE e.tenant_id = a.tenant_id AND e.unit = a.unit) AS x) AS e,
              LATERAL (SELECT coalesce(sum(amount_e4), 0)::bigint AS held FROM holds h
                       WHERE h.tenant_id = a.tenant_id AND h.unit = a.unit AND h.state = 'open') AS h,
              LATERAL (SELECT coalesce(sum(amount_e4), 0)::bigint AS debt FROM debt_entries d
                       WHERE d.tenant_id = a.tenant_id AND d.unit = a.unit) AS d
            WHERE a.tenant_id = $1 AND a.unit = $2
            """,
            Id, unit.ToCode());
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync(), $"Tenant {Id} has no {unit.ToCode()} account.");
        Assert.Equal(Amount.Of(expected, unit), new Amount(reader.GetInt64(0), unit));
        Assert.Equal(reader.GetInt64(0), reader.GetInt64(1));
        Assert.Equal(reader.GetInt64(2), reader.GetInt64(3));
        Assert.Equal(0, reader.GetInt64(4));
        Assert.Equal(reader.GetInt64(5), reader.GetInt64(6));
        Assert.Equal(reader.GetInt64(7), reader.GetInt64(8));
    }
}

/// <summary>Makes tenants and ledgers on a test's database.</summary>
public static class TestTenants
{
    /// <summary>The ledger writer on this database, with the fixture's clock.</summary>
    public static LedgerWriter Ledger(this PostgresFixture postgres) => postgres.LedgerWriter;

    /// <summary>A new tenant id with both accounts opened, topped up by one purchase each where an amount is given.</summary>
    public static async Task<TestTenant> TenantWithAsync(this PostgresFixture postgres, decimal credits = 0, decimal usd = 0)
    {
        var ledger = postgres.Ledger();
        var tenant = new TestTenant(postgres, ledger, Ids.New());
        await using (var ops = await postgres.Database.BeginOpsAsync())
        {
            await ledger.OpenAccountsAsync(ops, tenant.Id);
            await ops.CommitAsync();
        }

        if (credits > 0)
        {
            Assert.Equal(PostOutcome.Posted, await tenant.CreditAsync(credits));
        }

        if (usd > 0)
        {
            Assert.Equal(PostOutcome.Posted, await tenant.CreditAsync(usd, unit: Unit.Usd));
        }

        return tenant;
    }
}
