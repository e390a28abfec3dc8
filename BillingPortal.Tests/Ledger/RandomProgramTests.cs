using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Ledger;

/// <summary>
/// Random programs of every operation, repeats and cancellations from many tasks at once, compared answer by answer with
/// <see cref="LedgerModel"/>. A failure names its seed.
/// </summary>
public sealed class RandomProgramTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_the_batches_the_outcomes_and_books_are_those_of_one_request_after_another(int seed)
    {
        var programs = Enumerable.Range(0, 24).Select(number => RunAsync((seed * 1_000) + number));
        await Task.WhenAll(programs);

        var report = await new LedgerAudit(postgres.Database, postgres.Clock).RunAsync(full: true);
        Assert.Empty(report.Violations);
    }

    // One tenant's program: bursts of one to twelve requests that are under way together, in the order in which they were sent.
    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var tenant = await postgres.TenantWithAsync();
        var model = new LedgerModel(Unit.Credits);
        var sent = new List<Posting>();
        var holds = new List<Guid>();
        var months = new List<Guid> { Ids.New() };
        for (var burst = 0; burst < 40; burst++)
        {
            var cancelled = await CancelOneAsync(random, tenant, sent, model);
            var postings = Enumerable.Range(0, random.Next(1, 13)).Select(_ => Next(random, tenant, sent, holds, months)).ToList();
            IReadOnlyList<PostResult> answers = random.Next(4) switch
            {
                0 => await tenant.Ledger.PostAsync(postings),
                1 => await OneByOneAsync(tenant, cancelled, postings),
                _ => await Task.WhenAll(postings.Select(posting => tenant.Ledger.PostAsync(posting)).ToList()),
            };
            for (var i = 0; i < postings.Count; i++)
            {
                var expected = model.Post(postings[i]);
                Assert.True(expected == answers[i], $"seed {seed}, burst {burst}, {postings[i]}:\n{expected}\n{answers[i]}");
            }
        }

        await tenant.AssertBooksBalanceAsync(new Amount(model.Balance, Unit.Credits).ToDecimal());
    }

    // Each in a transaction of the tenant's own session: a debit is a lone one then, while the writers post other tenants' batches.
    // What was cancelled is still on its way to the writer's turn; its repeat is answered behind it.
    private static async Task<List<PostResult>> OneByOneAsync(TestTenant tenant, Posting cancelled, List<Posting> postings)
    {
        await tenant.Ledger.PostAsync(cancelled);
        var answers = new List<PostResult>();
        foreach (var posting in postings)
        {
            await using var work = await tenant.BeginAsync();
            answers.AddRange(await tenant.Ledger.PostAsync(work, [posting]));
            await work.CommitAsync();
        }

        return answers;
    }

    // A caller that goes away at once: its posting stands all the same, as a repeat of it shows.
    private static async Task<Posting> CancelOneAsync(Random random, TestTenant tenant, List<Posting> sent, LedgerModel model)
    {
        using var gone = new CancellationTokenSource();
        var posting = tenant.Posting(LedgerOperation.Debit, new Amount(random.Next(1, 50_000), Unit.Credits));
        var answer = tenant.Ledger.PostAsync(posting, gone.Token);
        await gone.CancelAsync();
        await Task.WhenAny(answer);
        model.Post(posting);
        sent.Add(posting);
        return posting;
    }

    private static Posting Next(Random random, TestTenant tenant, List<Posting> sent, List<Guid> holds, List<Guid> months)
    {
        var operation = random.Next(100) switch
        {
            < 27 => LedgerOperation.Debit,
            < 33 => LedgerOperation.ReserveFully,
            < 43 => LedgerOperation.Reserve,
            < 45 => LedgerOperation.Settle,
            < 60 => LedgerOperation.Credit,
            < 63 => LedgerOperation.ClawBack,
            < 74 => LedgerOperation.Hold,
            < 80 => LedgerOperation.Extend,
            < 91 => LedgerOperation.Capture,
            _ => LedgerOperation.Release,
        };
        var amount = new Amount(random.Next(1, operation == LedgerOperation.Credit ? 900_000 : 200_000), Unit.Credits);
        var posting = tenant.Posting(operation, amount);
        if (operation is LedgerOperation.Capture or LedgerOperation.Release or LedgerOperation.Extend)
        {
            posting = posting with { HoldId = holds.Count == 0 || random.Next(20) == 0 ? Ids.New() : holds[random.Next(holds.Count)] };
        }
        else if (operation is LedgerOperation.Reserve or LedgerOperation.ReserveFully or LedgerOperation.Settle)
        {
            posting = posting with
            {
                HoldId = months[random.Next(months.Count)],
                FromHoldId = operation is LedgerOperation.ReserveFully && random.Next(3) > 0
                    ? random.Next(20) == 0 || holds.Count == 0 ? Ids.New() : holds[random.Next(holds.Count)]
                    : null,
            };
            if (random.Next(20) == 0)
            {
                months.Add(Ids.New());
            }
        }
        else if (operation == LedgerOperation.Hold)
        {
            posting = posting with { HoldId = Ids.New() };
            holds.Add(posting.HoldId!.Value);
        }

        posting = Repeated(random, posting, sent);
        sent.Add(posting);
        return posting;
    }

    // One in eight repeats an earlier key: most often word for word, now and then with another amount or as another operation.
    private static Posting Repeated(Random random, Posting posting, List<Posting> sent)
    {
        if (sent.Count == 0 || random.Next(8) > 0)
        {
            return posting;
        }

        var earlier = sent[random.Next(sent.Count)];
        return random.Next(4) switch
        {
            0 => earlier with { Amount = posting.Amount },
            1 when IsPlain(posting) && IsPlain(earlier) => posting with { Key = earlier.Key },
            2 when IsUse(posting) && IsUse(earlier) => posting with { Key = earlier.Key, Amount = earlier.Amount },
            _ => earlier,
        };
    }

    private static bool IsPlain(Posting posting) =>
        posting.Operation is LedgerOperation.Debit or LedgerOperation.Credit or LedgerOperation.Hold or LedgerOperation.Reserve;

    private static bool IsUse(Posting posting) => posting.Operation is LedgerOperation.Debit or LedgerOperation.Reserve;
}
