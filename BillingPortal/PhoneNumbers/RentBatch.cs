using BillingPortal.Data;
using BillingPortal.Ledger;
using BillingPortal.Pricing;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// Asks the ledger for the rents of locked numbers and writes the answers, all in the caller's transaction, which commits.
/// It is that transaction's one call of the ledger.
/// </summary>
public sealed class RentBatch(
    LedgerWriter ledger, PriceBook prices, RentBook book, TimeProvider clock, INumberGrace? graces = null)
{
    /// <summary>What is not covered is kept while grace days run, else suspended, or tried again a week later.</summary>
    internal async Task<IReadOnlyList<RentAnswer>> AskAsync(
        UnitOfWork unit, IReadOnlyList<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answers = await KeepAsync(
            unit, await PostAsync(unit, numbers, now, cancellationToken), now, cancellationToken);
        await book.ApplyAsync(unit, answers, now, cancellationToken);
        return answers;
    }

    /// <summary>What is not covered stays as it is, its next try included.</summary>
    internal async Task<IReadOnlyList<RentAnswer>> ResumeAsync(
        UnitOfWork unit, IReadOnlyList<PhoneNumber> numbers, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var answers = await PostAsync(unit, numbers, now, cancellationToken);
        await book.PaidAsync(unit, answers, now, cancellationToken);
        return answers;
    }

    // A number that is suspended already stays so: grace keeps what is in service.
    private async Task<IReadOnlyList<RentAnswer>> KeepAsync(
        UnitOfWork unit, IReadOnlyList<RentAnswer> answers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tenants = answers.Where(answer => answer is { Outcome: RentOutcome.NotCovered, Ask.IsResume: false })
            .Select(answer => answer.Ask.Number.TenantId).Distinct().ToList();
        if (graces is null || tenants.Count == 0)
        {
            return answers;
        }

        var found = await graces.ReadAsync(unit, tenants, cancellationToken);
        return [.. answers.Select(answer =>
            answer is { Outcome: RentOutcome.NotCovered, Ask: { IsResume: false, Number: var number } ask }
            && found.TryGetValue(number.TenantId, out var grace) && grace.Account == number.Unit
            && grace.UntilFor(ask.Period.Start) is var until && now < until
                ? answer with { Outcome = RentOutcome.InGrace, GraceUntil = until }
                : answer)];
    }

    // In the order given, per account: a rent that does not fit is refused, a later and smaller one may fit.
    private async Task<IReadOnlyList<RentAnswer>> PostAsync(
        UnitOfWork unit, IReadOnlyList<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var priced = new NumberPrices(await prices.SnapshotAsync(cancellationToken));
        var asks = numbers.Select(number => RentAsk.Of(number, priced, now)).ToList();
        var posted = asks.Where(ask => ask.Amount is { IsPositive: true }).ToList();
        var results = await ledger.PostAsync(unit, [.. posted.Select(ask => ask.ToPosting())], cancellationToken);
        var byNumber = posted.Zip(results).ToDictionary(pair => pair.First.Number.Id, pair => pair.Second);
        return [.. asks.Select(ask =>
            byNumber.TryGetValue(ask.Number.Id, out var result) ? RentAnswer.Of(ask, result)
            : new RentAnswer(ask, ask.Amount is null ? RentOutcome.Failed : RentOutcome.Paid, null))];
    }
}
