using BillingPortal.Documents.Billing;

namespace BillingPortal.Documents;

/// <summary>The foot of every page: whose document it is.</summary>
internal static class DocumentFoot
{
    public static string Of(Party seller) =>
        string.Join(" · ", seller.Email is { } email ? [.. seller.Lines(), email] : seller.Lines());
}
