using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>The card that Apple Pay or Google Pay hands over: like others, but it knows where it came from.</summary>
internal static class WalletData
{
    private static readonly Dictionary<string, string> Tokens = new()
    {
        ["tok_sandbox_apple_pay"] = "apple_pay",
        ["tok_sandbox_google_pay"] = "google_pay",
    };

    public static PaymentMethod FromToken(StripeCall call, string token)
    {
        if (!Tokens.TryGetValue(token, out var wallet))
        {
            throw StripeError.NoSuch("token", token, "card[token]");
        }

        var card = TestCards.ByName("pm_card_visa")!;
        var method = CardData.Make(call, card, call.Now.Month, call.Now.Year + 2);
        return call.Change.Put(method with
        {
            Card = method.Card! with { Wallet = new CardWallet { Type = wallet, DynamicLast4 = card.Last4 } },
        });
    }
}
