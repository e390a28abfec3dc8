using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>The conditions under which a payment can be made, confirmed or cancelled at all.</summary>
internal static class PaymentRules
{
    private const long CentsMin = 50;
    private const long CentsMax = 99_999_999;
    private static readonly HashSet<string> Currencies = ["usd", "eur", "gbp", "cad", "aud", "chf"];

    public static long CheckAmount(Form form, string currency)
    {
        form.Required("amount");
        var amount = form.Integer("amount")!.Value;
        return amount switch
        {
            < 1 => throw StripeError.Invalid(
                "This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer"),
            < CentsMin => throw StripeError.Invalid(
                $"Amount must be at least $0.50 {currency}", "amount", "amount_too_small"),
            > CentsMax => throw StripeError.Invalid(
                "Amount must be no more than $999,999.99", "amount", "amount_too_large"),
            _ => amount,
        };
    }

    public static string CheckCurrency(Form form)
    {
        var currency = form.Required("currency");
        return Currencies.Contains(currency)
            ? currency
            : throw StripeError.Invalid(
                $"Invalid currency: {currency}. Stripe wants three lower-case letters.", "currency");
    }

    public static string? CheckFutureUsage(Form form)
    {
        var usage = form.Filled("setup_future_usage");
        if (usage is not (null or "off_session" or "on_session"))
        {
            throw StripeError.Invalid(
                "Invalid setup_future_usage: must be one of off_session or on_session", "setup_future_usage");
        }

        if (usage is not null && form.Flag("off_session"))
        {
            throw StripeError.Invalid(
                "You cannot provide `setup_future_usage` when `off_session=true`: the card must already be set up.",
                "setup_future_usage");
        }

        return usage;
    }

    public static void CheckConfirmable(StripeCall call, PaymentIntent intent)
    {
        if (intent.Status == IntentStatus.Succeeded)
        {
            throw Unexpected(call, intent,
                "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
                + "confirmed.");
        }

        if (intent.Status is IntentStatus.Canceled or IntentStatus.Processing)
        {
            throw Unexpected(call, intent,
                $"You cannot confirm this PaymentIntent because it has a status of {intent.Status}. Only a "
                + "PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, "
                + "requires_action.");
        }
    }

    public static void CheckCancelable(StripeCall call, PaymentIntent intent)
    {
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.Canceled or IntentStatus.Processing)
        {
            throw Unexpected(call, intent,
                $"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a "
                + "PaymentIntent with one of the following statuses may be canceled: requires_payment_method, "
                + "requires_capture, requires_confirmation, requires_action, processing.");
        }
    }

    /// <summary>Cards, and bank accounts where the choice is left to Stripe.</summary>
    public static IReadOnlyList<string> TypesOffered(Form form)
    {
        var allowed = form.Texts("allowed_payment_method_types").ToList();
        string[] offered = IntentRules.Automatic(form) is null ? ["card"] : ["card", BankAccount.Code];
        return [.. offered.Where(type => allowed.Count == 0 || allowed.Contains(type))];
    }

    public static void CheckOffered(PaymentMethod method, PaymentIntent intent)
    {
        if (!intent.PaymentMethodTypes.Contains(method.Type))
        {
            throw StripeError.Invalid(
                $"The PaymentMethod provided ({method.Type}) is not allowed for this PaymentIntent. Please attach a "
                + $"PaymentMethod of one of the following types: {string.Join(", ", intent.PaymentMethodTypes)}.",
                "payment_method");
        }
    }

    /// <summary>A saved card pays only for its own customer.</summary>
    public static void CheckOwner(PaymentMethod method, PaymentIntent intent)
    {
        if (method.Customer is null || method.Customer == intent.Customer)
        {
            return;
        }

        throw StripeError.Invalid(
            intent.Customer is null
                ? $"The provided PaymentMethod ({method.Id}) is attached to a Customer. Please include the Customer in "
                    + "the `customer` parameter on the PaymentIntent."
                : $"The provided PaymentMethod ({method.Id}) does not belong to the Customer ({intent.Customer}).",
            "payment_method");
    }

    public static StripeError Unexpected(StripeCall call, PaymentIntent intent, string message) => StripeError.State(
        "payment_intent_unexpected_state", message,
        new JsonObject { ["payment_intent"] = PaymentIntents.View(call, intent) });
}
