using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Purchases;

/// <summary>
/// The rows of purchases: each method is one short transaction that is committed before Stripe is asked. Never calls
/// Stripe.
/// </summary>
public sealed class PurchaseRows(
    Database database, BalanceFeed feed, TimeProvider clock, IOptions<PurchasesOptions> options)
{
    /// <summary>Stores a purchase under its attempt key, or finds the one that is stored there.</summary>
    public async Task<(Purchase Purchase, bool IsNew)> RecordAsync(
        Guid tenantId, Offer offer, PurchaseKind kind, string attemptKey, Guid? userId,
        CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        await using (var alone = unit.Command(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"{tenantId}:{attemptKey}"))
        {
            await alone.ExecuteNonQueryAsync(cancellationToken);
        }

        var known = await unit.Db.Set<Purchase>().AsNoTracking().SingleOrDefaultAsync(
            purchase => purchase.TenantId == tenantId && purchase.AttemptKey == attemptKey, cancellationToken);
        if (known is not null)
        {
            return (known, false);
        }

        var now = clock.GetUtcNow();
        var purchase = new Purchase
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Kind = kind,
            Unit = offer.Credits.Unit,
            CreditsE4 = offer.Credits.E4,
            BonusE4 = offer.Bonus.E4,
            PriceCents = offer.PriceCents,
            PackageCode = offer.PackageCode,
            InvoiceId = offer.InvoiceId,
            State = PurchaseState.Started,
            AttemptKey = attemptKey,
            SaveCard = offer.SaveCard,
            EnableAutoRecharge = offer.EnableAutoRecharge,
            StartedBy = userId,
            AskedAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
        unit.Db.Add(purchase);
        await unit.CommitAsync(cancellationToken);
        return (purchase, true);
    }

    /// <summary>
    /// The attempt key of an invoice's payment: of the one that is open, whoever opened it, else the next.
    /// </summary>
    public async Task<string> InvoiceKeyAsync(Guid tenantId, Guid invoiceId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var ended = await unit.Db.Set<Purchase>().CountAsync(
            purchase => purchase.InvoiceId == invoiceId
                && (purchase.State == PurchaseState.Failed || purchase.State == PurchaseState.Canceled),
            cancellationToken);
        return $"invoice:{invoiceId}:{ended + 1}";
    }

    /// <summary>Adds auto-recharge's purchase to its transaction; the caller commits.</summary>
    public void Add(UnitOfWork unit, RechargePurchase recharge) => unit.Db.Add(new Purchase
    {
        Id = recharge.AttemptId,
        TenantId = recharge.TenantId,
        Kind = PurchaseKind.AutoRecharge,
        Unit = recharge.Credits.Unit,
        CreditsE4 = recharge.Credits.E4,
        BonusE4 = recharge.Bonus.E4,
        PriceCents = recharge.PriceCents,
        PackageCode = recharge.PackageCode,
        State = PurchaseState.Started,
        AttemptKey = recharge.AttemptId.ToString(),
        PaymentMethodId = recharge.PaymentMethodId,
        AskedAt = clock.GetUtcNow(),
        CreatedAt = clock.GetUtcNow(),
        UpdatedAt = clock.GetUtcNow(),
    });

    /// <summary>
    /// Notes, before the call, that Stripe is asked to charge this card: the number of the charge, or null when the
    /// purchase is no longer open or somebody else is asking.
    /// </summary>
    public async Task<int?> BeginChargeAsync(Purchase purchase, SavedCard card, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(purchase.TenantId, cancellationToken);
        await using var command = unit.Command(
            """
            UPDATE purchases SET confirmations = confirmations + 1, asked_at = $2, updated_at =
                $2, payment_method_id = $3,
                   card_brand = $4, card_last4 = $5
            WHERE id = $1 AND state IN ('started', 'requires_action') AND (asked_at IS NULL OR asked_at < $6)
            RETURNING confirmations
            """,
            purchase.Id, clock.GetUtcNow(), card.PaymentMethodId, card.Brand, card.Last4, Overdue());
        var number = await command.ExecuteScalarAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return (int?)number;
    }

    /// <summary>Ends a purchase that nobody can pay any more because there is nothing at Stripe to pay.</summary>
    public async Task<Purchase> EndAsync(Purchase purchase, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var ended = await unit.Db.Set<Purchase>()
            .FromSql($"SELECT * FROM purchases WHERE id = {purchase.Id} FOR UPDATE").SingleAsync(cancellationToken);
        if (ended.IsOpen)
        {
            ended.State = ended.DeclineCode is null ? PurchaseState.Canceled : PurchaseState.Failed;
            (ended.AskedAt, ended.UpdatedAt) = (null, clock.GetUtcNow());
            feed.Ring(unit, ended.TenantId);
        }

        await unit.CommitAsync(cancellationToken);
        return ended;
    }

    /// <summary>
    /// How often Stripe was asked to charge, for recognising a reading that is older than the last time. Null: not
    /// ours.
    /// </summary>
    public async Task<int?> ConfirmationsAsync(string paymentIntentId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Purchase>().Where(purchase => purchase.PaymentIntentId == paymentIntentId)
            .Select(purchase => (int?)purchase.Confirmations).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>True while a call that may charge has neither answered nor been out for too long.</summary>
    public bool IsBeingCharged(Purchase purchase) =>
        purchase is { AskedAt: { } askedAt, Confirmations: > 0 } && askedAt >= Overdue();

    private DateTimeOffset Overdue() => clock.GetUtcNow().AddSeconds(-options.Value.UnknownSeconds);
}
