using BillingPortal.Providers.Payments;

namespace BillingPortal.Cards;

/// <summary>
/// A refusal in plain words: what happened and what to do. Reasons that would tell a thief something (lost, stolen,
/// suspected fraud) read like any other refusal.
/// </summary>
public sealed record DeclineText(string Reason, string Advice)
{
    private static readonly DeclineText General = new(
        "Your bank declined the card.", "Use another card, or ask your bank to allow the payment and try again.");

    /// <param name="code">Stripe's decline code, or its error code where there is none.</param>
    public static DeclineText For(string? code) => code switch
    {
        "insufficient_funds" =>
            new("The card does not have enough funds.", "Choose a smaller amount or use another card."),
        "expired_card" => new("The card has expired.", "Use another card, or add this one again with its new date."),
        "incorrect_cvc" or "invalid_cvc" => new(
            "The security code does not match the card.", "Check the three or four digits and try again."),
        "incorrect_number" or "invalid_number" or "invalid_account" => new(
            "The card number is not valid.", "Check the number, or use another card."),
        "incorrect_zip" or "incorrect_address" => new(
            "The address does not match the card.", "Check the postal code and try again."),
        "invalid_expiry_month" or "invalid_expiry_year" => new(
            "The expiry date is not valid.", "Check the date and try again."),
        "processing_error" or "try_again_later" or "reenter_transaction" or "issuer_not_available" => new(
            "The bank could not be reached.", "Nothing was charged. Wait a minute and try again."),
        "card_velocity_exceeded" or "withdrawal_count_limit_exceeded" => new(
            "The card has reached its limit for now.",
            "Try again later, choose a smaller amount, or use another card."),
        "card_not_supported" or "transaction_not_allowed" or "not_permitted" or "service_not_allowed" => new(
            "The card does not allow this kind of payment.", "Use another card."),
        "currency_not_supported" => new("The card cannot pay in US dollars.", "Use another card."),
        "authentication_required" => new(
            "Your bank wants you to confirm the payment.", "Try again and confirm it when your bank asks."),
        "payment_intent_authentication_failure" or "setup_intent_authentication_failure" => new(
            "The confirmation with your bank did not succeed.", "Nothing was charged. Try again, or use another card."),
        "card_decline_rate_limit_exceeded" => new(
            "The card was refused too often.", "Wait a day before you use it again, or use another card."),
        _ => General,
    };

    /// <summary>A payment from a bank account came back. The codes are Stripe's for failed ACH debits.</summary>
    public static DeclineText ForBank(string? code) => code switch
    {
        "insufficient_funds" => new(
            "There was not enough money in the bank account.", "Pay again when it is covered, or pay by card."),
        "account_closed" or "bank_account_closed" => new(
            "The bank account is closed.", "Pay from another account, or by card."),
        "no_account" or "bank_account_unusable" or "incorrect_account_holder_name" or "invalid_account_number" => new(
            "The bank does not know this account.", "Check the numbers and the account holder, or pay by card."),
        "debit_not_authorized" or "bank_account_restricted" => new(
            "The bank does not allow debits of this account.", "Ask your bank to allow them, or pay by card."),
        _ => new("Your bank did not make the payment.", "Try again, or pay by card."),
    };

    /// <summary>The most telling word of a refusal: the bank's where there is one.</summary>
    public static string CodeOf(Decline decline) => decline.DeclineCode ?? decline.Code;

    public override string ToString() => $"{Reason} {Advice}";
}
