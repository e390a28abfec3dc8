using System.Globalization;
using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.TenantWebhooks.Events;

namespace BillingPortal.Purchases;

/// <summary>The words and names that a purchase carries outside: at Stripe, in the ledger, in the outbox.</summary>
public static class PurchaseTexts
{
    /// <summary>The cause type of a purchase's ledger entries.</summary>
    public const string Cause = "purchase";

    /// <summary>An ACH debit takes up to four business days, and the report of its failure one more.</summary>
    public const string BankDays = "5 working days";

    /// <summary>Under which a refund at Stripe carries what its tenant should read about it.</summary>
    public const string RefundNoteKey = "tenant_note";

    private const string PurchaseIdKey = "purchase_id";
    private const string TenantIdKey = "tenant_id";

    /// <summary>What an intent of ours carries at Stripe. Auto-recharge uses it with its attempt's id.</summary>
    public static Dictionary<string, string> Metadata(Guid purchaseId, Guid tenantId) => new()
    {
        [PurchaseIdKey] = purchaseId.ToString(),
        [TenantIdKey] = tenantId.ToString(),
    };

    /// <summary>Null when the intent is not one of ours.</summary>
    public static Guid? PurchaseIdOf(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(PurchaseIdKey, out var text) && Guid.TryParse(text, out var id) ? id : null;

    /// <summary>The tenant's id as text; empty when the intent is not one of ours.</summary>
    public static string TenantOf(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(TenantIdKey, "");

    /// <summary>What the buyer's statement, the ledger and the receipt call it.</summary>
    public static string Description(Purchase purchase) =>
        (purchase switch
        {
            { InvoiceId: not null } => "Invoice: ",
            { Kind: PurchaseKind.AutoRecharge } => "Auto-recharge: ",
            _ => "Purchase: ",
        }) + Text(purchase.Credits);

    /// <summary>The paid part; its key is the purchase's own.</summary>
    public static Posting Purchase(Purchase purchase) => Posting(
        purchase, purchase.Credits, EntryKind.Purchase, CounterAccount.CardClearing, "purchase", Description(purchase));

    /// <summary>The bonus; posted with the paid part or not at all.</summary>
    public static Posting BonusOf(Purchase purchase) => Posting(
        purchase, purchase.Bonus, EntryKind.Bonus, CounterAccount.Bonus, "bonus",
        purchase.Kind is PurchaseKind.AutoRecharge ? "Auto-recharge bonus" : "Bonus for switching auto-recharge on");

    /// <summary>
    /// One step of taking back or giving back; its key is the purchase's and the number of the reversal. What cannot be
    /// taken from the balance becomes debt.
    /// </summary>
    /// <param name="note">What was said to the tenant about the refund; never about a dispute.</param>
    internal static Posting Reversal(Purchase purchase, ReversalStep step, DateTimeOffset now, string? note = null)
    {
        var what = step.IsBonus ? "bonus" : purchase.Unit is Unit.Credits ? "credits" : "funds";
        var of = $"{what} of {ReceiptNumber(purchase)}";
        return new Posting
        {
            TenantId = purchase.TenantId,
            Operation = step.TakenE4 > 0 ? LedgerOperation.ClawBack : LedgerOperation.Credit,
            Amount = new Amount(Math.Abs(step.TakenE4), purchase.Unit),
            Kind = step.IsDispute ? EntryKind.Dispute : EntryKind.Refund,
            Counter = step.IsBonus ? CounterAccount.Bonus : CounterAccount.Refund,
            Key = Ids.FromName(
                "reversal", purchase.Id.ToString(), $"{purchase.Reversals}", $"{step.IsDispute}", $"{step.IsBonus}"),
            CauseType = Cause,
            CauseId = purchase.Id.ToString(),
            OccurredAt = now,
            Note = (step.IsDispute, step.TakenE4 > 0) switch
            {
                (true, true) => $"Payment disputed: {of} taken back",
                (true, false) => $"Dispute decided for you: {of} given back",
                (false, true) when note is not null => $"Payment refunded: {of} taken back. {note}",
                (false, true) => $"Payment refunded: {of} taken back",
                (false, false) => $"Refund did not go through: {of} given back",
            },
        };
    }

    /// <summary>
    /// An amount in words, for texts that have no page's formatting: <c>1,000 credits</c>, <c>$20.00</c>.
    /// </summary>
    public static string Text(Amount amount) => amount.Unit switch
    {
        Unit.Credits => string.Create(CultureInfo.InvariantCulture, $"{amount.ToDecimal():#,0.####} credits"),
        Unit.Usd => string.Create(CultureInfo.InvariantCulture, $"${amount.ToDecimal():#,0.00##}"),
    };

    public static string Price(Purchase purchase) => Text(Amount.UsdCents(purchase.PriceCents));

    /// <summary>Null while no card is known.</summary>
    public static string? Card(Purchase purchase) =>
        purchase.Kind is PurchaseKind.BankTransfer ? "Bank transfer"
            : purchase.CardLast4 is null ? null : $"{CardNames.Of(purchase.CardBrand)} ••{purchase.CardLast4}";

    public static bool IsFromBank(Purchase purchase) => purchase.CardBrand == CardNames.BankBrand;

    /// <summary>Why it was refused, in plain words.</summary>
    public static DeclineText Refusal(Purchase purchase) => IsFromBank(purchase)
        ? DeclineText.ForBank(purchase.DeclineCode)
        : DeclineText.For(purchase.DeclineCode);

    /// <summary>Where the receipt of a settled purchase can be fetched.</summary>
    public static string ReceiptPath(Guid purchaseId) => $"/api/receipts/{purchaseId}.pdf";

    /// <summary>Short enough to read out on the phone; unique with the tenant's name beside it.</summary>
    public static string ReceiptNumber(Purchase purchase) =>
        $"R-{purchase.CreatedAt.UtcDateTime:yyMMdd}-{purchase.Id.ToString("N")[^8..].ToUpperInvariant()}";

    /// <summary>What the tenant's own programs are told of the settlement.</summary>
    internal static PurchaseSettledData EventOf(Purchase purchase) => new(
        purchase.Id, TextCodes.Of(purchase.Kind), purchase.Credits, purchase.Bonus,
        Amount.UsdCents(purchase.PriceCents), ReceiptNumber(purchase), purchase.InvoiceId);

    private static Posting Posting(
        Purchase purchase, Amount amount, EntryKind kind, CounterAccount counter, string key, string note) => new()
        {
            TenantId = purchase.TenantId,
            Operation = LedgerOperation.Credit,
            Amount = amount,
            Kind = kind,
            Counter = counter,
            Key = Ids.FromName(key, purchase.Id.ToString()),
            CauseType = Cause,
            CauseId = purchase.Id.ToString(),
            OccurredAt = purchase.SettledAt ?? purchase.CreatedAt,
            Note = note,
        };
}
