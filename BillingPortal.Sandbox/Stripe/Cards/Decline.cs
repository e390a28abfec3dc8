using System.Text.Json.Nodes;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>Why an issuer says no, in Stripe's codes and words.</summary>
internal sealed record Decline(string Code, string? DeclineCode, string? AdviceCode, string Message)
{
    private const string Declined = "Your card was declined.";

    public static Decline Generic { get; } = new("card_declined", "generic_decline", "try_again_later", Declined);

    public static Decline AuthenticationRequired { get; } = new(
        "authentication_required", "authentication_required", null,
        "Your card was declined. This transaction requires authentication.");

    public static Decline Expired { get; } = new("expired_card", null, "do_not_try_again", "Your card has expired.");

    /// <summary>By decline code, or by error code for the three declines that have none.</summary>
    public static Decline Of(string code) => code switch
    {
        "generic_decline" => Generic,
        "authentication_required" => AuthenticationRequired,
        "insufficient_funds" => new("card_declined", code, "try_again_later", "Your card has insufficient funds."),
        "card_velocity_exceeded" => new("card_declined", code, "try_again_later",
            "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."),
        "expired_card" => Expired,
        "incorrect_cvc" => new(code, null, "confirm_card_data", "Your card's security code is incorrect."),
        "processing_error" => new(code, null, "try_again_later",
            "An error occurred while processing your card. Try again in a little bit."),
        "issuer_not_available" or "try_again_later" or "reenter_transaction" or "approve_with_id" =>
            new("card_declined", code, "try_again_later", Declined),
        "do_not_honor" or "call_issuer" or "no_action_taken" => new("card_declined", code, null, Declined),
        // What a bank says of an ACH debit: no decline code, the error's own code tells.
        "account_closed" => new(code, null, null, "The customer's bank account has been closed."),
        "no_account" => new(code, null, null, "The customer's bank account could not be located."),
        "debit_not_authorized" => new(
            code, null, null, "The customer has notified their bank that this payment was unauthorized."),
        _ => new("card_declined", code, "do_not_try_again", Declined),
    };

    /// <summary>The members of an error object that describe this decline.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["type"] = "card_error",
            ["code"] = Code,
            ["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}",
            ["message"] = Message,
        };
        if (DeclineCode is not null)
        {
            json["decline_code"] = DeclineCode;
        }

        if (AdviceCode is not null)
        {
            json["advice_code"] = AdviceCode;
        }

        if (Code == "card_declined")
        {
            json["network_decline_code"] = DeclineCode == "insufficient_funds" ? "51" : "01";
        }

        return json;
    }
}
