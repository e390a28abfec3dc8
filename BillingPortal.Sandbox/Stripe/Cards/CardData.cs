using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>
/// Makes cards: from a test card's name, or from the numbers that a person typed into the stand-in form.
/// </summary>
internal static class CardData
{
    /// <summary>The card under this id; a <c>pm_card_…</c> name makes a new one, as at Stripe.</summary>
    public static PaymentMethod Resolve(StripeCall call, string id)
    {
        if (call.Change.Find<PaymentMethod>(id) is { } known)
        {
            return known;
        }

        var card = TestCards.ByName(id) ?? throw StripeError.NoSuch("PaymentMethod", id, "payment_method");
        return call.Change.Put(card.Brand == BankAccount.Code
            ? BankData.Make(call, card, BankData.TestRouting)
            : Make(call, card, call.Now.Month, call.Now.Year + 1));
    }

    public static PaymentMethod FromNumbers(StripeCall call)
    {
        if (!call.IsPublishable)
        {
            throw new StripeError(402, "invalid_request_error", null,
                "Sending credit card numbers directly to the Stripe API is generally unsafe. Use the card form of "
                + "Stripe.js, or a test PaymentMethod such as pm_card_visa.", "card[number]");
        }

        var card = call.Form.Sub("card") ?? throw StripeError.MissingParameter("card");
        var number = card.Required("number").Replace(" ", "", StringComparison.Ordinal);
        if (number.Length is < 12 or > 19 || !number.All(char.IsAsciiDigit) || !HasCheckDigit(number))
        {
            throw Wrong("incorrect_number", "Your card number is incorrect.", "number");
        }

        var (month, year) = Expiry(call, card);
        var test = TestCards.ByNumber(number) ?? throw NotATestCard();
        var cvc = card.Filled("cvc");
        if (cvc is not null && (!cvc.All(char.IsAsciiDigit) || cvc.Length != (test.Brand == "amex" ? 4 : 3)))
        {
            throw Wrong("invalid_cvc", "Your card's security code is invalid.", "cvc");
        }

        var details = call.Form.Sub("billing_details");
        return call.Change.Put(Make(call, test, month, year) with
        {
            BillingDetails = new BillingDetails { Name = details?.Filled("name"), Email = details?.Filled("email") },
        });
    }

    public static PaymentMethod Make(StripeCall call, TestCard card, int month, int year) => new()
    {
        Id = StripeIds.New("pm"),
        Created = call.Created,
        TestCard = card.Name,
        Card = new Card
        {
            Brand = card.Brand,
            ExpMonth = month,
            ExpYear = year,
            Fingerprint = StripeIds.Fingerprint(card.Number),
            Funding = card.Funding,
            Last4 = card.Last4,
        },
    };

    private static (int Month, int Year) Expiry(StripeCall call, Form card)
    {
        var month = card.Integer("exp_month") ?? throw StripeError.MissingParameter("card[exp_month]");
        var year = card.Integer("exp_year") ?? throw StripeError.MissingParameter("card[exp_year]");
        year = year < 100 ? year + 2000 : year;
        if (month is < 1 or > 12)
        {
            throw Wrong("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
        }

        var isPast = year < call.Now.Year || (year == call.Now.Year && month < call.Now.Month);
        return isPast || year > call.Now.Year + 50
            ? throw Wrong("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year")
            : ((int)month, (int)year);
    }

    private static bool HasCheckDigit(string number)
    {
        var sum = number.Reverse().Select((digit, place) =>
        {
            var value = (digit - '0') * (place % 2 == 0 ? 1 : 2);
            return value > 9 ? value - 9 : value;
        }).Sum();
        return sum % 10 == 0;
    }

    private static StripeError Wrong(string code, string message, string param) =>
        new(402, "card_error", code, message, $"card[{param}]");

    private static StripeError NotATestCard() => new(
        402, "card_error", "card_declined",
        "Your card was declined. Your request was in test mode, but used a non test (live) card. "
        + "For a list of valid test cards, see the control page of this sandbox.", "card[number]")
    {
        More = new JsonObject { ["decline_code"] = "test_mode_live_card" },
    };
}
