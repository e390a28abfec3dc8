namespace BillingPortal.Purchases;

/// <summary>The words and names that a purchase carries outside: at Stripe, in the ledger, in the outbox.</summary>
public static class PurchaseTexts
{
    /// <summary>The cause type of a purchase's ledger entries.</summary>
    public const string Cause = "purchase";

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
}
