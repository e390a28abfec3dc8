using BillingPortal.Data;
using BillingPortal.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Purchases;

/// <summary>
/// Our open purchases against Stripe: whatever a crash, a lost answer or a lost webhook left behind is looked up and
/// brought to its end. Bounded, safe to repeat and to run twice at once; never charges.
/// </summary>
public sealed partial class ReconcileService(
    Database database, PurchaseRows rows, PurchaseIntents intents, PurchaseService purchases, CheckoutService checkout,
    IOptions<PurchasesOptions> options, TimeProvider clock, ILogger<ReconcileService> logger)
{
    /// <summary>By then auto-recharge has resolved its attempt, or will not any more.</summary>
    private static readonly TimeSpan AttemptLifetime = TimeSpan.FromHours(25);

    /// <summary>
    /// Stripe wants a new Checkout page to stay open for 30 minutes at least, so an old one cannot be asked for again.
    /// </summary>
    private static readonly TimeSpan CheckoutLeast = TimeSpan.FromMinutes(31);

    /// <summary>The fast sweep: purchases whose last call to Stripe has not answered.</summary>
    public Task<ReconcileReport> SweepUnknownAsync(int purchasesMax, CancellationToken cancellationToken = default)
    {
        var before = clock.GetUtcNow().AddSeconds(-options.Value.UnknownSeconds);
        return ResolveAllAsync(rows => rows.Where(row => row.AskedAt < before), purchasesMax, cancellationToken);
    }

    /// <summary>
    /// The hourly run: every purchase that has been open for too long; those older than a day are given up.
    /// </summary>
    public Task<ReconcileReport> ReconcileAsync(int purchasesMax, CancellationToken cancellationToken = default)
    {
        var before = clock.GetUtcNow().AddMinutes(-options.Value.OpenMinutes);
        return ResolveAllAsync(rows => rows.Where(row => row.UpdatedAt < before), purchasesMax, cancellationToken);
    }

    /// <summary>Brings one open purchase to where Stripe says it is, whatever of it had been recorded.</summary>
    public async Task<Purchase> ResolveAsync(Purchase purchase, CancellationToken cancellationToken = default)
    {
        if (!purchase.IsOpen)
        {
            return purchase;
        }

        var resolved = purchase switch
        {
            { Kind: PurchaseKind.Checkout } => await ResolveCheckoutAsync(purchase, cancellationToken),
            { PaymentIntentId: { } intentId } =>
                (await purchases.SettleAsync(intentId, cancellationToken)).Purchase ?? purchase,
            _ => await ResolveUnansweredAsync(purchase, cancellationToken),
        };
        var isAbandoned = resolved is { IsOpen: true, State: not PurchaseState.Processing }
            && resolved.CreatedAt <= clock.GetUtcNow().AddHours(-options.Value.AbandonAfterHours);
        return !isAbandoned ? resolved
            : resolved.Kind is PurchaseKind.Checkout ? await checkout.CancelAsync(resolved, cancellationToken)
            : await purchases.CancelAsync(resolved, cancellationToken);
    }

    private async Task<Purchase> ResolveCheckoutAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        if (purchase.CheckoutSessionId is { } known)
        {
            return await checkout.RefreshAsync(known, cancellationToken: cancellationToken) ?? purchase;
        }

        var closesAt = purchase.CreatedAt.AddMinutes(options.Value.CheckoutMinutes);
        if (clock.GetUtcNow() > closesAt - CheckoutLeast)
        {
            return await rows.EndAsync(purchase, cancellationToken);
        }

        var session = await checkout.OpenSessionAsync(purchase, cancellationToken);
        return await checkout.RefreshAsync(session.Id, cancellationToken: cancellationToken) ?? purchase;
    }

    // The creation was recorded, and its answer was not. Auto-recharge repeats its own calls; here its intent is only
    // looked for.
    private async Task<Purchase> ResolveUnansweredAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        if (purchase.Kind is PurchaseKind.AutoRecharge && clock.GetUtcNow() - purchase.CreatedAt < AttemptLifetime)
        {
            return purchase;
        }

        return await intents.RecoverAsync(purchase, cancellationToken) is { } intent
            ? (await purchases.SettleAsync(intent.Id, cancellationToken)).Purchase ?? purchase
            : await rows.EndAsync(purchase, cancellationToken);
    }

    private async Task<ReconcileReport> ResolveAllAsync(
        Func<IQueryable<Purchase>, IQueryable<Purchase>> due, int purchasesMax, CancellationToken cancellationToken)
    {
        var report = new ReconcileReport(0, 0, 0, 0);
        foreach (var purchase in await DueAsync(due, purchasesMax, cancellationToken))
        {
            try
            {
                var resolved = await ResolveAsync(purchase, cancellationToken);
                report = report.With(resolved);
            }
            catch (Exception fault) when (fault is ProviderException or DbUpdateException or InvalidOperationException)
            {
                report = report with { Looked = report.Looked + 1, Failed = report.Failed + 1 };
                LogFailed(logger, purchase.Id, purchase.TenantId, fault);
                RunFaults.Note(purchase.TenantId, $"payment {purchase.Id}", fault);
            }
        }

        return report;
    }

    private async Task<List<Purchase>> DueAsync(
        Func<IQueryable<Purchase>, IQueryable<Purchase>> due, int purchasesMax, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var open = unit.Db.Set<Purchase>().AsNoTracking().Where(row => row.State == PurchaseState.Started
            || row.State == PurchaseState.RequiresAction || row.State == PurchaseState.Processing);
        return await due(open).OrderBy(row => row.UpdatedAt).Take(purchasesMax).ToListAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning,
        "Purchase {PurchaseId} of tenant {TenantId} could not be reconciled; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Guid purchaseId, Guid tenantId, Exception fault);
}

/// <summary>
/// What a run did: purchases looked at, settled, ended without a payment, and those that could not be resolved this
/// time.
/// </summary>
public sealed record ReconcileReport(int Looked, int Settled, int Ended, int Failed)
{
    /// <summary>For the record of the job's run.</summary>
    public IReadOnlyDictionary<string, long> Counts => new Dictionary<string, long>
    {
        ["looked at"] = Looked,
        ["settled"] = Settled,
        ["ended"] = Ended,
        ["failed"] = Failed,
    };

    internal ReconcileReport With(Purchase resolved) => this with
    {
        Looked = Looked + 1,
        Settled = Settled + (resolved.State is PurchaseState.Settled ? 1 : 0),
        Ended = Ended + (resolved.State is PurchaseState.Failed or PurchaseState.Canceled ? 1 : 0),
    };
}
