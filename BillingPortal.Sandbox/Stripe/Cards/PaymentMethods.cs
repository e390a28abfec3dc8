using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary><c>/v1/payment_methods</c>: cards and bank accounts, and to whom they belong.</summary>
internal static class PaymentMethods
{
    private const string What = "PaymentMethod";

    public static void MapPaymentMethods(this StripeRoutes routes)
    {
        routes.Post(
            "/payment_methods", "type card us_bank_account billing_details metadata allow_redisplay", Create,
            KeyKind.SecretOrPublishable);
        routes.Get("/payment_methods", $"customer type {StripeRoutes.Paging}", List);
        routes.Get("/customers/{id}/payment_methods", $"type {StripeRoutes.Paging}", ListOfCustomer);
        routes.Get("/payment_methods/{id}", "", call => StripeView.Of(call.Find<PaymentMethod>(What)));
        routes.Post("/payment_methods/{id}", "card billing_details metadata allow_redisplay", Update);
        routes.Post("/payment_methods/{id}/attach", "customer", Attach);
        routes.Post("/payment_methods/{id}/detach", "", call => StripeView.Of(DetachAsked(call)));
    }

    /// <summary>Gives the card to the customer, unless it is theirs already.</summary>
    public static PaymentMethod Keep(StripeCall call, PaymentMethod method, string customer, bool isSetUp)
    {
        if (method.Customer == customer)
        {
            return isSetUp && !method.IsSetUpOffSession
                ? call.Change.Put(method with { IsSetUpOffSession = true })
                : method;
        }

        var kept = call.Change.Put(method with
        {
            Customer = customer,
            IsSetUpOffSession = method.IsSetUpOffSession || isSetUp,
            AllowRedisplay = isSetUp ? "limited" : method.AllowRedisplay,
        });
        call.Emit("payment_method.attached", kept);
        return kept;
    }

    public static PaymentMethod Detach(StripeCall call, PaymentMethod method)
    {
        var customer = call.Change.Find<Customer>(method.Customer);
        var detached = call.Change.Put(method with { Customer = null, IsUsedUp = true });
        call.Emit("payment_method.detached", detached, new JsonObject { ["customer"] = method.Customer });
        if (customer?.InvoiceSettings.DefaultPaymentMethod == method.Id)
        {
            var without = call.Change.Put(customer with { InvoiceSettings = new InvoiceSettings() });
            call.Emit("customer.updated", without, Changes.Between(customer, without));
        }

        return detached;
    }

    private static JsonObject Create(StripeCall call)
    {
        var made = call.Form.Required("type") switch
        {
            "card" when call.Form.Sub("card")?.Filled("token") is { } token => WalletData.FromToken(call, token),
            "card" => CardData.FromNumbers(call),
            BankAccount.Code => BankData.FromNumbers(call),
            _ => throw StripeError.Invalid(
                $"The sandbox knows payment methods of type card and {BankAccount.Code}.", "type"),
        };
        return StripeView.Of(made);
    }

    private static JsonObject List(StripeCall call) =>
        ListOf(call, call.Form.Filled("customer"), "/v1/payment_methods");

    private static JsonObject ListOfCustomer(StripeCall call)
    {
        var customer = call.Find<Customer>("customer");
        return ListOf(call, customer.Id, $"/v1/customers/{customer.Id}/payment_methods");
    }

    private static JsonObject ListOf(StripeCall call, string? customer, string url)
    {
        if (customer is not null)
        {
            Customers.Living(call, customer);
        }

        var type = call.Form.Filled("type") ?? "card";
        return StripeView.Page<PaymentMethod>(call, url, What, one =>
            customer is not null && one.Customer == customer && one.Type == type);
    }

    private static JsonObject Update(StripeCall call)
    {
        var before = call.Find<PaymentMethod>(What);
        var card = call.Form.Sub("card");
        var after = call.Change.Put(before with
        {
            Metadata = Metadata.Merge(call.Form, before.Metadata),
            AllowRedisplay = call.Form.Filled("allow_redisplay") ?? before.AllowRedisplay,
            Card = before.Card is null ? null : before.Card with
            {
                ExpMonth = (int)(card?.Integer("exp_month") ?? before.Card.ExpMonth),
                ExpYear = (int)(card?.Integer("exp_year") ?? before.Card.ExpYear),
            },
        });
        call.Emit("payment_method.updated", after, Changes.Between(before, after));
        return StripeView.Of(after);
    }

    private static JsonObject Attach(StripeCall call)
    {
        var customer = Customers.Living(call, call.Form.Required("customer"));
        var method = TestCards.ByName(call.Id) is null
            ? call.Find<PaymentMethod>(What)
            : CardData.Resolve(call, call.Id);
        if (method.Customer is not null && method.Customer != customer.Id)
        {
            throw StripeError.Invalid("The payment method you provided has already been attached to a customer.");
        }

        CheckUsable(method);
        var card = TestCards.ByName(method.TestCard)!;
        if (!card.IsAttachable)
        {
            throw CardRefused.ForAttach(method, card.Declines!);
        }

        return StripeView.Of(Keep(call, method, customer.Id, isSetUp: false));
    }

    /// <summary>A card that was used without a customer, or detached, is spent.</summary>
    public static void CheckUsable(PaymentMethod method)
    {
        if (method.IsUsedUp)
        {
            throw StripeError.Invalid(
                "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, "
                + "shared with a connected account without Customer attachment, or was detached from a Customer. It "
                + "may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer "
                + "first.",
                "payment_method");
        }
    }

    private static PaymentMethod DetachAsked(StripeCall call)
    {
        var method = call.Find<PaymentMethod>(What);
        return method.Customer is null
            ? throw StripeError.Invalid(
                "The payment method you provided is not attached to a customer so detachment is impossible.")
            : Detach(call, method);
    }
}
