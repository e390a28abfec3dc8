namespace BillingPortal.Providers.Payments;

/// <summary>
/// What may follow a refusal, by the words that came with it. An unknown word means: try again later, a bounded number
/// of times.
/// </summary>
internal static class DeclineClassifier
{
    /// <summary>
    /// An authentication demand is no refusal of the card, so it goes first; then the network's advice, then the bank's
    /// reason (docs.stripe.com/declines/codes), then Stripe's own code.
    /// </summary>
    public static DeclineClass Classify(string code, string? declineCode, string? adviceCode)
    {
        if (IsAuthentication(code) || IsAuthentication(declineCode))
        {
            return DeclineClass.BringTheCustomer;
        }

        return ByAdvice(adviceCode) ?? ByDeclineCode(declineCode) ?? ByCode(code);
    }

    private static bool IsAuthentication(string? code) => code
        is "authentication_required"
        or "authentication_not_handled"
        or "payment_intent_authentication_failure"
        or "setup_intent_authentication_failure"
        or "mobile_device_authentication_required";

    private static DeclineClass? ByAdvice(string? adviceCode) => adviceCode switch
    {
        "try_again_later" => DeclineClass.RetryLater,
        "do_not_try_again" or "confirm_card_data" => DeclineClass.NewCardNeeded,
        _ => null,
    };

    private static DeclineClass? ByDeclineCode(string? declineCode) => declineCode switch
    {
        "insufficient_funds" or "processing_error" or "try_again_later" or "reenter_transaction" or "approve_with_id"
            or "issuer_not_available" or "card_velocity_exceeded" or "withdrawal_count_limit_exceeded"
            => DeclineClass.RetryLater,
        "lost_card" or "stolen_card" or "pickup_card" or "restricted_card" or "expired_card" or "invalid_account"
            or "card_not_supported" or "currency_not_supported" or "do_not_try_again" or "stop_payment_order"
            or "new_account_information_available" or "transaction_not_allowed" or "not_permitted"
            or "revocation_of_authorization" or "revocation_of_all_authorizations" or "security_violation"
            or "service_not_allowed" or "incorrect_number" or "invalid_number" or "incorrect_cvc" or "invalid_cvc"
            or "incorrect_zip" or "invalid_expiry_month" or "invalid_expiry_year" or "testmode_decline"
            => DeclineClass.NewCardNeeded,
        // Suspicion of fraud is never answered by trying the same card again.
        "fraudulent" or "merchant_blacklist" => DeclineClass.NewCardNeeded,
        "generic_decline" or "do_not_honor" or "call_issuer" or "no_action_taken" => DeclineClass.RetryLater,
        _ => null,
    };

    private static DeclineClass ByCode(string code) => code switch
    {
        "expired_card" or "incorrect_cvc" or "invalid_cvc" or "incorrect_number" or "invalid_number" or "incorrect_zip"
            or "invalid_expiry_month" or "invalid_expiry_year" or "card_not_supported" => DeclineClass.NewCardNeeded,
        _ => DeclineClass.RetryLater,
    };
}
