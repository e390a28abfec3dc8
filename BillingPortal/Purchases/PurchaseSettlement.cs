using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Purchases;

/// <summary>
/// Brings a purchase to where a reading of its intent says it is, in one transaction: posts the credits, once, or notes
/// what stands in the way. Whoever reads the intent calls this.
/// </summary>
public sealed partial class PurchaseSettlement(
    Database database, StripeClient stripe, TopUp topUp, CardService cards, CardRows cardRows, IInvoicePayments invoices,
    OutboxWriter outbox, PurchaseMails mails, TenantEvents events, BalanceFeed feed, GrantBooks grants, GrantOptions grantOptions,
    TimeProvider clock, ILogger<PurchaseSettlement> logger)
{
    /// <param name="intent">Read from Stripe, never from an event's payload.</param>
    /// <param name="seenConfirmations">
    /// The purchase's count when the reading began. A reading from before a newer confirmation is stale and answers
    /// null.
    /// </param>
    internal async Task<SettleResult?> ApplyAsync(
        PaymentIntent intent, int? seenConfirmations, CancellationToken cancellationToken)
    {
        PaymentMethod? method = null;
        if (intent is { Status: PaymentStatus.Succeeded or PaymentStatus.Processing, PaymentMethodId: { } paidWith })
        {
            try
            {
                method = await stripe.GetPaymentMethodAsync(paidWith, cancellationToken);
            }
            catch (ProviderException)
            {
                // The outbox reads it later if it is to be saved.
            }
        }

        return await ApplyAsync(intent, method, seenConfirmations, cancellationToken);
    }

    private async Task<SettleResult?> ApplyAsync(
        PaymentIntent intent, PaymentMethod? method, int? seenConfirmations, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await LockAsync(unit, intent, cancellationToken) is not { } purchase)
        {
            if (intent.Status is PaymentStatus.Succeeded && PurchaseTexts.PurchaseIdOf(intent.Metadata) is { } lost)
            {
                // Only a restore to an earlier time loses a purchase of ours: its money is here, and a person decides.
                LogLost(logger, intent.Id, lost, PurchaseTexts.TenantOf(intent.Metadata));
            }

            return new SettleResult(SettleOutcome.NotOurs);
        }

        PurchaseMetrics.Read(purchase);

        var isPaid = intent.Status is PaymentStatus.Succeeded;
        if (!isPaid && seenConfirmations is not null && seenConfirmations != purchase.Confirmations)
        {
            return null;
        }

        var customerId = await unit.Db.Set<StripeCustomer>().Where(customer => customer.TenantId == purchase.TenantId)
            .Select(customer => customer.CustomerId).SingleOrDefaultAsync(cancellationToken);
        var judgement = await JudgeAsync(unit, purchase, intent, customerId, cancellationToken);
        var before = PurchaseMetrics.StandingOf(purchase);
        var isSettledNow = purchase.State is not PurchaseState.Settled && judgement.State is PurchaseState.Settled;
        if (isSettledNow)
        {
            await SettleAsync(unit, purchase, intent, method, cancellationToken);
        }
        else
        {
            await NoteAsync(unit, purchase, intent, method, judgement, cancellationToken);
        }

        purchase.UpdatedAt = clock.GetUtcNow();
        await unit.CommitAsync(cancellationToken);
        PurchaseMetrics.Came(purchase, before, isSettledNow);
        return new SettleResult(OutcomeOf(purchase, judgement, isSettledNow), purchase, intent.LastDecline);
    }

    // An invoice that was paid or taken back in the meantime: the money is here all the same, and a person decides.
    private async Task<Judgement> JudgeAsync(
        UnitOfWork unit, Purchase purchase, PaymentIntent intent, string? customerId,
        CancellationToken cancellationToken)
    {
        var judgement = PurchasePolicy.Judge(purchase, intent, customerId);
        return purchase is { InvoiceId: { } invoiceId, State: not PurchaseState.Settled }
            && judgement.State is PurchaseState.Settled
            && !await invoices.LockUnpaidAsync(unit, invoiceId, cancellationToken)
                ? new Judgement(purchase.State, purchase.DeclineCode, "invoice_already_paid")
                : judgement;
    }

    private static SettleOutcome OutcomeOf(Purchase purchase, Judgement judgement, bool isSettledNow) =>
        isSettledNow ? SettleOutcome.Settled
        : judgement.ReviewReason is not null ? SettleOutcome.UnderReview
        : purchase.State is PurchaseState.Settled ? SettleOutcome.AlreadySettled
        : SettleOutcome.NotPaid;

    // By the intent where it is stored, else by what we wrote on it: its creation may have been answered to nobody.
    private static async Task<Purchase?> LockAsync(
        UnitOfWork unit, PaymentIntent intent, CancellationToken cancellationToken)
    {
        var named = PurchaseTexts.PurchaseIdOf(intent.Metadata) ?? Guid.Empty;
        return await unit.Db.Set<Purchase>()
            .FromSql($"SELECT * FROM purchases WHERE payment_intent_id = {intent.Id} OR id = {named} FOR UPDATE")
            .OrderByDescending(purchase => purchase.PaymentIntentId == intent.Id).FirstOrDefaultAsync(
                cancellationToken);
    }

    private async Task SettleAsync(
        UnitOfWork unit, Purchase purchase, PaymentIntent intent, PaymentMethod? method,
        CancellationToken cancellationToken)
    {
        await CardRows.LockAsync(unit, purchase.TenantId, cancellationToken);
        if (purchase is { Kind: not PurchaseKind.AutoRecharge, InvoiceId: null, BonusE4: > 0 }
            && !await PurchaseQuotes.IsBonusUnusedAsync(unit, purchase.TenantId, cancellationToken))
        {
            purchase.BonusE4 = 0; // another purchase, begun before this one was paid, has had it
        }

        Describe(purchase, intent, method);
        (purchase.State, purchase.SettledAt) = (PurchaseState.Settled, clock.GetUtcNow());
        (purchase.AskedAt, purchase.DeclineCode, purchase.ReviewReason) = (null, null, null);
        if (intent.PaymentMethodId is { } paidWith)
        {
            await KeepCardAsync(unit, purchase, paidWith, method, cancellationToken);
        }

        var balance = purchase.InvoiceId is null
            ? await PostAsync(unit, purchase, cancellationToken)
            : await invoices.PaidAsync(unit, purchase, cancellationToken);
        if (purchase.Kind is not PurchaseKind.AutoRecharge)
        {
            mails.EnqueueReceipt(unit, purchase, balance);
        }

        outbox.Enqueue(
            unit, PurchaseSettled.MessageKind, purchase.TenantId, PurchaseSettled.Of(purchase),
            key: $"settled:{purchase.Id}");
        events.Publish(
            unit, purchase.TenantId, TenantEvent.PurchaseSettled, PurchaseTexts.EventOf(purchase), key: $"{purchase.Id}");
        feed.Ring(unit, purchase.TenantId);
        LogSettled(logger, purchase.Id, purchase.TenantId, purchase.PaymentIntentId!, purchase.PriceCents);
    }

    private async Task<Amount> PostAsync(UnitOfWork unit, Purchase purchase, CancellationToken cancellationToken)
    {
        List<Posting> postings = [PurchaseTexts.Purchase(purchase)];
        if (purchase.BonusE4 > 0)
        {
            postings.Add(PurchaseTexts.BonusOf(purchase));
        }

        var results = await topUp.PostAsync(unit, postings, cancellationToken);
        if (results.Take(postings.Count).FirstOrDefault(result => !result.IsPosted || result.Differs) is { } refused)
        {
            throw new InvalidOperationException($"Purchase {purchase.Id} could not be posted: {refused.Outcome}.");
        }

        if (purchase.BonusE4 > 0 && grantOptions.BonusDays is { } days)
        {
            await grants.AddAsync(
                unit, purchase.TenantId, results[1], clock.GetUtcNow().AddDays(days),
                $"Bonus of {PurchaseTexts.ReceiptNumber(purchase)}", purchase.Id.ToString(), cancellationToken);
        }

        return results[^1].Balance;
    }

    // Whether the card could be read must not decide whether the credits are posted: then the outbox saves it.
    private async Task KeepCardAsync(
        UnitOfWork unit, Purchase purchase, string paidWith, PaymentMethod? method, CancellationToken cancellationToken)
    {
        if (purchase.SaveCard && method is null)
        {
            outbox.Enqueue(
                unit, CardToSave.MessageKind, purchase.TenantId, new CardToSave(purchase.TenantId, paidWith));
        }
        else if (purchase.SaveCard && method is { CustomerId: not null, Card: not null })
        {
            await cardRows.StoreAsync(unit, purchase.TenantId, method, cancellationToken);
        }

        await cards.MarkWorkingAsync(unit, paidWith, cancellationToken);
    }

    private async Task NoteAsync(
        UnitOfWork unit, Purchase purchase, PaymentIntent intent, PaymentMethod? method, Judgement judgement,
        CancellationToken cancellationToken)
    {
        if (judgement.ReviewReason is { } reason && purchase.ReviewReason != reason)
        {
            purchase.ReviewReason = reason;
            LogReview(logger, purchase.Id, purchase.TenantId, intent.Id, reason);
        }

        if (judgement.ReviewReason is not null || purchase.State is PurchaseState.Settled)
        {
            return;
        }

        var isNewRefusal = intent.LastDecline is not null && intent.LatestChargeId != purchase.ChargeId;
        if (isNewRefusal && purchase.Kind is not PurchaseKind.AutoRecharge
            && intent.LastDecline?.PaymentMethodId is { } refused)
        {
            await cards.MarkNeedsAttentionAsync(unit, refused, intent.LastDecline, cancellationToken);
        }

        Describe(purchase, intent, method);
        var isChanged = purchase.State != judgement.State || purchase.DeclineCode != judgement.DeclineCode
            || purchase.AskedAt is not null;
        var cameBack = purchase is { State: PurchaseState.Processing, Kind: not PurchaseKind.AutoRecharge }
            && judgement is { State: not PurchaseState.Processing, DeclineCode: not null };
        (purchase.State, purchase.DeclineCode, purchase.AskedAt) = (judgement.State, judgement.DeclineCode, null);
        if (cameBack)
        {
            mails.EnqueueCameBack(unit, purchase);
        }

        if (isChanged)
        {
            feed.Ring(unit, purchase.TenantId);
        }
    }

    private static void Describe(Purchase purchase, PaymentIntent intent, PaymentMethod? method)
    {
        purchase.PaymentIntentId = intent.Id;
        var used = intent.PaymentMethodId ?? intent.LastDecline?.PaymentMethodId ?? purchase.PaymentMethodId;
        if (used != purchase.PaymentMethodId)
        {
            // Another one than described: say nothing of it until it was read.
            (purchase.PaymentMethodId, purchase.CardBrand, purchase.CardLast4) = (used, null, null);
        }

        purchase.ChargeId = intent.LatestChargeId ?? purchase.ChargeId;
        if (method?.Card is { } card)
        {
            (purchase.CardBrand, purchase.CardLast4) = (card.Wallet ?? card.Brand, card.Last4);
        }
        else if (method?.Bank is { } bank)
        {
            (purchase.CardBrand, purchase.CardLast4) = (CardNames.BankBrand, bank.Last4);
        }
    }

    [LoggerMessage(LogLevel.Error,
        "Payment {PaymentIntentId} of tenant {TenantId} is paid at Stripe and not in the books: its purchase {PurchaseId} was lost by a "
        + "restore; a lead refunds or credits it, see docs/operations/backup.md")]
    private static partial void LogLost(ILogger logger, string paymentIntentId, Guid purchaseId, string tenantId);

    [LoggerMessage(LogLevel.Information,
        "Purchase {PurchaseId} of tenant {TenantId} settled by {PaymentIntentId}: {PriceCents} cents")]
    private static partial void LogSettled(
        ILogger logger, Guid purchaseId, Guid tenantId, string paymentIntentId, int priceCents);

    [LoggerMessage(
        LogLevel.Error, "Purchase {PurchaseId} of tenant {TenantId} needs a person: {PaymentIntentId} {Reason}")]
    private static partial void LogReview(
        ILogger logger, Guid purchaseId, Guid tenantId, string paymentIntentId, string reason);
}
