using System.Text.Json;

namespace BillingPortal.Providers.Payments;

/// <summary>From Stripe's objects to our records; nothing of Stripe's shapes leaves this folder.</summary>
internal static class StripeMapping
{
    public static PaymentIntent ToPaymentIntent(JsonElement json) => new(
        json.Required("id"), Status(json.Text("status")), json.Number("amount"), json.Number("amount_received"),
        json.Required("currency"), json.Reference("customer"), json.Reference("payment_method"),
        json.Text("client_secret"), json.Map("metadata"), LastDecline(json, "last_payment_error"),
        json.Reference("latest_charge"), json.Flag("livemode"), Created(json));

    public static SetupIntent ToSetupIntent(JsonElement json) => new(
        json.Required("id"), Status(json.Text("status")), json.Reference("customer"), json.Reference("payment_method"),
        json.Text("client_secret"), json.Map("metadata"), LastDecline(json, "last_setup_error"),
        json.Flag("livemode"), Created(json));

    public static Decline ToDecline(JsonElement error)
    {
        var code = error.Text("code") ?? "card_declined";
        var (declineCode, advice) = (error.Text("decline_code"), error.Text("advice_code"));
        return new(code, declineCode, advice, DeclineClassifier.Classify(code, declineCode, advice),
            error.Reference("payment_method"));
    }

    public static PaymentMethod ToPaymentMethod(JsonElement json) => new(
        json.Required("id"), json.Text("type") ?? "", json.Reference("customer"),
        json.Inner("card") is { } card ? ToCard(card) : null, json.Flag("livemode"), Created(json))
    {
        Bank = json.Inner("us_bank_account") is { } bank
            ? new BankDetails(bank.Text("bank_name"), bank.Text("last4") ?? "") : null,
    };

    public static Customer ToCustomer(JsonElement json) => new(
        json.Required("id"), json.Inner("invoice_settings")?.Reference("default_payment_method"), json.Map("metadata"),
        json.Flag("deleted"));

    public static CheckoutSession ToCheckout(JsonElement json) => new(
        json.Required("id"), CheckoutStatusOf(json.Text("status")), json.Text("payment_status") == "paid",
        json.Text("url") is { } url ? new Uri(url) : null, json.Reference("payment_intent"), json.Reference("customer"),
        json.Number("amount_total"), json.Text("currency") ?? "", json.Text("client_reference_id"),
        json.Map("metadata"), json.Time("expires_at"), json.Flag("livemode"), Created(json));

    public static Refund ToRefund(JsonElement json) => new(
        json.Required("id"), RefundStatusOf(json.Text("status")), json.Number("amount"), json.Required("currency"),
        json.Reference("payment_intent"), json.Reference("charge"), json.Text("failure_reason"), json.Map("metadata"),
        Created(json));

    public static Dispute ToDispute(JsonElement json) => new(
        json.Required("id"), DisputeStatusOf(json.Text("status")), json.Number("amount"), json.Required("currency"),
        json.Reference("payment_intent"), json.Reference("charge"), json.Text("reason"), Created(json));

    public static Charge ToCharge(JsonElement json) => new(
        json.Required("id"), json.Reference("payment_intent"), json.Number("amount"), json.Number("amount_refunded"));

    public static ProviderEvent ToEvent(JsonElement json) => new(
        json.Required("id"), json.Required("type"), json.Inner("data")?.Inner("object")?.Text("id"),
        json.Flag("livemode"), Created(json), json.GetRawText());

    public static ProviderPage<T> ToPage<T>(JsonElement json, Func<JsonElement, T> item) =>
        json.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
            ? new([.. data.EnumerateArray().Select(item)], json.Flag("has_more"))
            : throw new JsonException("The field data is missing.");

    private static Decline? LastDecline(JsonElement json, string name) =>
        json.Inner(name) is { } error ? ToDecline(error) : null;

    private static CardDetails ToCard(JsonElement card) => new(
        card.Text("brand") ?? "card", card.Text("last4") ?? "", (int)card.Number("exp_month"),
            (int)card.Number("exp_year"),
        card.Text("fingerprint"), card.Text("funding"), card.Text("country"))
    {
        Wallet = card.Inner("wallet")?.Text("type"),
    };

    private static DateTimeOffset Created(JsonElement json) => json.Time("created") ?? DateTimeOffset.UnixEpoch;

    private static PaymentStatus Status(string? word) => word switch
    {
        "requires_payment_method" => PaymentStatus.RequiresPaymentMethod,
        "requires_confirmation" => PaymentStatus.RequiresConfirmation,
        "requires_action" => PaymentStatus.RequiresAction,
        "processing" => PaymentStatus.Processing,
        "requires_capture" => PaymentStatus.RequiresCapture,
        "succeeded" => PaymentStatus.Succeeded,
        "canceled" => PaymentStatus.Canceled,
        _ => PaymentStatus.Unknown,
    };

    private static CheckoutStatus CheckoutStatusOf(string? word) => word switch
    {
        "open" => CheckoutStatus.Open,
        "complete" => CheckoutStatus.Complete,
        "expired" => CheckoutStatus.Expired,
        _ => CheckoutStatus.Unknown,
    };

    private static RefundStatus RefundStatusOf(string? word) => word switch
    {
        "pending" => RefundStatus.Pending,
        "requires_action" => RefundStatus.RequiresAction,
        "succeeded" => RefundStatus.Succeeded,
        "failed" => RefundStatus.Failed,
        "canceled" => RefundStatus.Canceled,
        _ => RefundStatus.Unknown,
    };

    private static DisputeStatus DisputeStatusOf(string? word) => word switch
    {
        "warning_needs_response" => DisputeStatus.WarningNeedsResponse,
        "warning_under_review" => DisputeStatus.WarningUnderReview,
        "warning_closed" => DisputeStatus.WarningClosed,
        "needs_response" or "appeal_needs_response" => DisputeStatus.NeedsResponse,
        "under_review" or "appeal_under_review" => DisputeStatus.UnderReview,
        "won" => DisputeStatus.Won,
        "lost" => DisputeStatus.Lost,
        "prevented" => DisputeStatus.Prevented,
        _ => DisputeStatus.Unknown,
    };
}
