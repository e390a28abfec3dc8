using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary>Makes bank accounts from the numbers that a person typed into the stand-in form.</summary>
internal static class BankData
{
    /// <summary>Stripe's test bank.</summary>
    public const string TestRouting = "110000000";

    public static PaymentMethod FromNumbers(StripeCall call)
    {
        var bank = call.Form.Sub(BankAccount.Code) ?? throw StripeError.MissingParameter(BankAccount.Code);
        var details = call.Form.Sub("billing_details");
        if (details?.Filled("name") is not { } holder)
        {
            throw StripeError.MissingParameter("billing_details[name]");
        }

        var routing = bank.Required("routing_number");
        if (routing != TestRouting)
        {
            throw Wrong(
                "routing_number_invalid", "The routing number is not known. In the sandbox it is 110000000.",
                "routing_number");
        }

        var number = bank.Required("account_number");
        var test = TestCards.BankAccounts.FirstOrDefault(one => one.Number == number) ?? throw Wrong(
            "account_number_invalid", "The bank does not know this account number.", "account_number");
        return call.Change.Put(Make(call, test, routing) with
        {
            BillingDetails = new BillingDetails { Name = holder, Email = details.Filled("email") },
        });
    }

    public static PaymentMethod Make(StripeCall call, TestCard account, string routing) => new()
    {
        Id = StripeIds.New("pm"),
        Created = call.Created,
        TestCard = account.Name,
        UsBankAccount = new BankAccount
        {
            Fingerprint = StripeIds.Fingerprint(account.Number),
            Last4 = account.Last4,
            RoutingNumber = routing,
        },
    };

    private static StripeError Wrong(string code, string message, string param) =>
        new(400, "invalid_request_error", code, message, $"{BankAccount.Code}[{param}]");
}
