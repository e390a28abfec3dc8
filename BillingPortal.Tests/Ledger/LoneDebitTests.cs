using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;
using Npgsql;

namespace BillingPortal.Tests.Ledger;

/// <summary>
/// One debit, three shapes: alone (<c>ledger_post_debit</c>), among debits of other accounts, among several of one account. Whatever came
/// before it, the answer and every row afterwards are the same.
/// </summary>
public sealed class LoneDebitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, Func<TestTenant, Task<Posting>>> New = new()
    {
        ["nothing special, every text kept"] = tenant => Task.FromResult(Debit(tenant, 10) with
        {
            Service = "voice",
            Reference = "call-1",
            CauseId = "c-1",
            Note = "A call",
            ReversesSeq = 1,
            OccurredAt = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero),
            Kind = EntryKind.Rent,
            Counter = CounterAccount.RentRevenue,
        }),
        ["all there is"] = tenant => Task.FromResult(Debit(tenant, 100)),
        ["one too many"] = tenant => Task.FromResult(Debit(tenant, 100.0001m)),
        ["part of it held"] = async tenant =>
        {
            await tenant.HoldAsync(60, "hold");
            return Debit(tenant, 41);
        },
        ["a debt"] = async tenant =>
        {
            await tenant.ClawBackAsync(130, "refund");
            return Debit(tenant, 1);
        },
        ["no such account"] = tenant => Task.FromResult(Debit(tenant, 1) with { TenantId = Ids.New() }),
    };

    private static readonly Dictionary<string, Func<TestTenant, Task<Posting>>> Repeated = new()
    {
        ["a repeat"] = async tenant =>
        {
            await tenant.DebitAsync(10, "debit");
            await tenant.DebitAsync(20, "another");
            return Debit(tenant, 10);
        },
        ["a repeat with another amount"] = async tenant =>
        {
            await tenant.DebitAsync(10, "debit");
            return Debit(tenant, 11);
        },
        ["a repeat that no longer fits"] = async tenant =>
        {
            await tenant.DebitAsync(90, "debit");
            return Debit(tenant, 90);
        },
        ["a repeat under the other unit"] = async tenant =>
        {
            await tenant.DebitAsync(10, "debit", Unit.Usd);
            return Debit(tenant, 10);
        },
        ["a credit's key"] = async tenant =>
        {
            await tenant.CreditAsync(10, "debit");
            return Debit(tenant, 10);
        },
        ["a hold's key"] = async tenant =>
        {
            await tenant.HoldAsync(10, "debit");
            return Debit(tenant, 10);
        },
        ["an extension's key"] = async tenant =>
        {
            var hold = await tenant.HoldAsync(10, "hold");
            await tenant.Ledger.PostAsync(
                tenant.Posting(LedgerOperation.Extend, Amount.Credits(5), "debit") with { HoldId = hold.HoldId });
            return Debit(tenant, 5);
        },
        ["the key of a debt that has been repaid"] = async tenant =>
        {
            await tenant.DebitAsync(100, "all");
            await tenant.ClawBackAsync(30, "debit");
            await tenant.CreditAsync(90, "top-up");
            return Debit(tenant, 30);
        },
    };

    private static readonly Dictionary<string, Func<TestTenant, Task<Posting>>> Crossing = new()
    {
        ["a crossing"] = async tenant => await BelowAsync(tenant, 90, Debit(tenant, 10.0001m)),
        ["down to the threshold"] = async tenant => await BelowAsync(tenant, 90, Debit(tenant, 10)),
        ["below it already"] = async tenant => await BelowAsync(tenant, 110, Debit(tenant, 10)),
        ["a crossing by what is held"] = async tenant =>
        {
            await tenant.HoldAsync(5, "hold");
            return await BelowAsync(tenant, 90, Debit(tenant, 6));
        },
        ["a crossing again"] = async tenant =>
        {
            await BelowAsync(tenant, 90, Debit(tenant, 1));
            await tenant.DebitAsync(20, "first");
            await tenant.CreditAsync(20, "top-up");
            return Debit(tenant, 20);
        },
        ["a crossing repeated"] = async tenant =>
        {
            await BelowAsync(tenant, 90, Debit(tenant, 1));
            await tenant.DebitAsync(20, "debit");
            return Debit(tenant, 20);
        },
    };

    private static readonly Dictionary<string, Func<TestTenant, Task<Posting>>> Situations =
        New.Concat(Repeated).Concat(Crossing).ToDictionary();

    /// <summary>What the debit alone must not forget, and how it looks when it does.</summary>
    public static TheoryData<string, string> Forgotten => new()
    {
        { "AND t.balance_e4 - t.held_e4 >= p_amount_e4", "AND t.balance_e4 >= p_amount_e4" },
        { "last_seq = t.last_seq + 1", "last_seq = t.last_seq + 2" },
        { "IS TRUE)::int", "IS NULL)::int" },
        { "IF v_is_crossed THEN", "IF false THEN" },
        { "AND t.balance_e4 - t.held_e4 < t.recharge_below_e4\n", "AND t.balance_e4 - t.held_e4 <= t.recharge_below_e4\n" },
        { "t.balance_e4 + p_amount_e4 - t.held_e4 >= t.recharge_below_e4 AND", "true AND" },
        { "IF v_side_keys AND", "IF false AND" },
        { "v_seq := NULL; --", "RAISE; --" },
        { "p_service, p_reference, p_cause_type", "p_reference, p_service, p_cause_type" },
        { "p_reverses_seq, p_note)", "NULL, p_note)" },
        { "y.differ[1]", "false" },
        { "'debit', p_amount_e4, p_kind", "'claw_back', p_amount_e4, p_kind" },
        { "v_balance_e4, v_available_e4, NULL", "v_balance_e4, v_balance_e4, NULL" },
    };

    public static TheoryData<string> Names => [.. Situations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_debit_is_answered_and_booked_alike_alone_and_in_company(string situation)
    {
        var alone = await OutcomeAsync(situation, company: 0);

        Assert.Equal(await OutcomeAsync(situation, company: 1), alone);
        Assert.Equal(await OutcomeAsync(situation, company: 2), alone);
    }

    [Theory]
    [MemberData(nameof(Forgotten))]
    public async Task A_rule_that_the_lone_debit_forgets_is_noticed(string rule, string forgotten)
    {
        await using var owner = NpgsqlDataSource.Create(postgres.Connections.Owner);
        await using var read = owner.CreateCommand(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'ledger_post_debit'");
        var whole = (string)(await read.ExecuteScalarAsync())!;
        Assert.Contains(rule, whole, StringComparison.Ordinal);
        await using var forget = owner.CreateCommand(whole.Replace(rule, forgotten, StringComparison.Ordinal));
        await forget.ExecuteNonQueryAsync();
        try
        {
            var noticed = false;
            foreach (var situation in Situations.Keys.TakeWhile(_ => !noticed))
            {
                noticed = await OutcomeAsync(situation, company: 0) != await OutcomeAsync(situation, company: 1);
            }

            Assert.True(noticed);
        }
        finally
        {
            await using var restore = owner.CreateCommand(whole);
            await restore.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_debit_of_nothing_is_an_error_alone_and_in_company()
    {
        var tenant = await postgres.TenantWithAsync(credits: 10);
        foreach (var amount in (long[])[0, -5])
        {
            var posting = tenant.Posting(LedgerOperation.Debit, new Amount(amount, Unit.Credits));
            foreach (var company in (int[])[0, 1, 2])
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(async () => await AnswerAsync(posting, company));
                Assert.Equal(PostgresErrorCodes.InvalidParameterValue, refused.SqlState);
            }
        }

        await tenant.AssertBooksBalanceAsync(expected: 10);
    }

    private static Posting Debit(TestTenant tenant, decimal amount) =>
        tenant.Posting(LedgerOperation.Debit, Amount.Credits(amount), "debit");

    private static async Task<Posting> BelowAsync(TestTenant tenant, decimal below, Posting posting)
    {
        await using var work = await tenant.BeginAsync();
        await tenant.Ledger.SetRechargeBelowAsync(work, tenant.Id, Unit.Credits, Amount.Credits(below));
        await work.CommitAsync();
        return posting;
    }

    // The answer, or the error, and all that the books of a fresh tenant say afterwards; ids of this one tenant are left out.
    private async Task<string> OutcomeAsync(string situation, int company)
    {
        var tenant = await postgres.TenantWithAsync(credits: 100, usd: 50);
        var posting = await Situations[situation](tenant);
        string answer;
        try
        {
            var result = await AnswerAsync(posting, company);
            answer = $"{result with { HoldId = null }}, hold {result.HoldId is not null}";
        }
        catch (PostgresException exception)
        {
            answer = exception.SqlState;
        }

        await using var command = postgres.Database.Ops.CreateCommand(
            """
            SELECT concat_ws(E'\n',
              (SELECT json_agg(to_jsonb(a) - 'tenant_id' ORDER BY unit) FROM accounts AS a WHERE tenant_id = $1),
              (SELECT json_agg(to_jsonb(e) - 'tenant_id' - 'idempotency_key' - 'hold_id' ORDER BY unit, seq)
               FROM entries AS e WHERE tenant_id = $1),
              (SELECT json_agg(to_jsonb(r) - 'tenant_id') FROM recharge_requests AS r WHERE tenant_id = $1),
              (SELECT count(*) FROM entries WHERE tenant_id = $1 AND idempotency_key = $2))
            """);
        command.Parameters.Add(new() { Value = tenant.Id });
        command.Parameters.Add(new() { Value = posting.Key });
        return $"{answer}\n{await command.ExecuteScalarAsync()}";
    }

    // Alone; beside another account's debit; beside two debits of another account.
    private async Task<PostResult> AnswerAsync(Posting posting, int company)
    {
        var other = company == 0 ? null : await postgres.TenantWithAsync(credits: 10);
        PendingPosting[] batch =
        [
            .. Enumerable.Range(0, company).Select(_ =>
                new PendingPosting(other!.Posting(LedgerOperation.Debit, Amount.Credits(1)))),
            new PendingPosting(posting),
        ];
        using var calls = new LedgerCalls();
        await using var connection = await postgres.Database.Ops.OpenConnectionAsync();
        return (await calls.ExecuteAsync(connection, null, batch, postgres.Clock.GetUtcNow(), CancellationToken.None))[^1];
    }
}
