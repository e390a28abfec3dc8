using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Ledger;

/// <summary>
/// Something that waits for a tenant's next top-up. It proposes what it would take, the ledger judges what fits, and it
/// writes what was paid: all in the top-up's own transaction. It never posts by itself.
/// </summary>
public interface ITopUpClaim
{
    /// <summary>
    /// Debits of this account, oldest first and bounded, each under its own key. The rows behind them are locked until
    /// the top-up commits. Called before the account is locked.
    /// </summary>
    Task<IReadOnlyList<Posting>> ProposeAsync(
        UnitOfWork unit, Guid tenantId, Unit account, CancellationToken cancellationToken);

    /// <summary>
    /// Writes what was paid and leaves the rest as it is. Called once per account, under its lock, also when nothing was
    /// proposed: what came to wait after <see cref="ProposeAsync"/> looked can be seen now, and followed up by a message.
    /// </summary>
    Task ApplyAsync(
        UnitOfWork unit, Guid tenantId, Unit account, IReadOnlyList<(Posting Posting, PostResult Result)> own,
        CancellationToken cancellationToken);
}
