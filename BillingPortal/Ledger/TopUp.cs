using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>
/// Posts what raises a balance and pays at once what waited for it: the ledger repays debt, then the claims follow in the
/// order in which they are registered. A claim that does not fit is skipped, later and smaller ones may still fit.
/// </summary>
public sealed class TopUp(LedgerWriter ledger, IEnumerable<ITopUpClaim> claims)
{
    private readonly ITopUpClaim[] _claims = [.. claims];

    /// <summary>
    /// In the caller's transaction, which commits, and as its one call of the ledger. Answers the credits first, in their
    /// order, then the claims: the last answer of an account carries its balance after everything.
    /// </summary>
    public async Task<IReadOnlyList<PostResult>> PostAsync(
        UnitOfWork unit, IReadOnlyList<Posting> credits, CancellationToken cancellationToken = default)
    {
        List<Posting> postings = [.. credits];
        List<(ITopUpClaim Claim, Guid TenantId, Unit Account, Range Own)> shares = [];
        var accounts = credits.Select(credit => (credit.TenantId, credit.Amount.Unit)).Distinct().Order();
        foreach (var (tenantId, account) in accounts)
        {
            foreach (var claim in _claims)
            {
                var first = postings.Count;
                postings.AddRange(await claim.ProposeAsync(unit, tenantId, account, cancellationToken));
                shares.Add((claim, tenantId, account, first..postings.Count));
            }
        }

        var results = await ledger.PostAsync(unit, postings, cancellationToken);
        var answered = postings.Zip(results).ToList();
        foreach (var (claim, tenantId, account, own) in shares)
        {
            await claim.ApplyAsync(unit, tenantId, account, answered[own], cancellationToken);
        }

        return results;
    }
}
