using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary><c>/v1/charges</c>: every attempt, taken or refused.</summary>
internal static class Charges
{
    public static void MapCharges(this StripeRoutes routes)
    {
        routes.Get("/charges", $"customer payment_intent created {StripeRoutes.Paging}", List);
        routes.Get("/charges/{id}", "", call => StripeView.Of(call.Find<Charge>("charge")));
    }

    public static Charge Succeed(StripeCall call, PaymentIntent intent, PaymentMethod method)
    {
        var charge = Make(call, intent, method, "succeeded", new JsonObject
        {
            ["advice_code"] = null,
            ["network_status"] = "approved_by_network",
            ["reason"] = null,
            ["risk_level"] = "normal",
            ["risk_score"] = 20,
            ["seller_message"] = "Payment complete.",
            ["type"] = "authorized",
        });
        return call.Change.Put(charge with
        {
            Paid = true,
            AmountCaptured = intent.Amount,
            BalanceTransaction = StripeIds.New("txn"),
            ReceiptUrl = $"{call.BaseUrl}/receipts/{charge.Id}",
        });
    }

    public static Charge Fail(StripeCall call, PaymentIntent intent, PaymentMethod method, Decline decline)
    {
        var charge = Make(call, intent, method, "failed", new JsonObject
        {
            ["advice_code"] = decline.AdviceCode,
            ["network_status"] = "declined_by_network",
            ["reason"] = decline.DeclineCode ?? decline.Code,
            ["risk_level"] = "normal",
            ["risk_score"] = 20,
            ["seller_message"] = "The bank did not return any further details with this decline.",
            ["type"] = "issuer_declined",
        });
        return call.Change.Put(charge with { FailureCode = decline.Code, FailureMessage = decline.Message });
    }

    private static Charge Make(
        StripeCall call, PaymentIntent intent, PaymentMethod method, string status, JsonObject outcome) => new()
        {
            Id = StripeIds.New("ch"),
            Created = call.Created,
            Amount = intent.Amount,
            Currency = intent.Currency,
            Customer = intent.Customer,
            Description = intent.Description,
            Metadata = intent.Metadata,
            BillingDetails = method.BillingDetails,
            PaymentIntent = intent.Id,
            PaymentMethod = method.Id,
            PaymentMethodDetails = new JsonObject
            {
                [method.Type] = StripeView.Of(method)[method.Type]!.DeepClone(),
                ["type"] = method.Type,
            },
            ReceiptEmail = intent.ReceiptEmail,
            Outcome = outcome,
            Status = status,
        };

    private static JsonObject List(StripeCall call)
    {
        var created = TimeFilter.Of(call.Form, "created");
        return StripeView.Page<Charge>(call, "/v1/charges", "charge", one =>
            created.Fits(one.Created)
            && (call.Form.Filled("customer") is not { } customer || one.Customer == customer)
            && (call.Form.Filled("payment_intent") is not { } intent || one.PaymentIntent == intent));
    }
}
