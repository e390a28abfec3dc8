using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary><c>/v1/payment_intents</c>.</summary>
internal static class PaymentIntents
{
    public const string What = "payment_intent";
    private const string Confirming =
        "payment_method off_session return_url setup_future_usage use_stripe_sdk receipt_email mandate_data";

    private static readonly string[] CancellationReasons =
        ["abandoned", "duplicate", "fraudulent", "requested_by_customer"];

    public static void MapPaymentIntents(this StripeRoutes routes)
    {
        routes.Post(
            "/payment_intents",
            "amount currency customer description metadata confirm automatic_payment_methods "
            + "allowed_payment_method_types payment_method_options statement_descriptor "
            + $"statement_descriptor_suffix {Confirming}",
            Create);
        routes.Get("/payment_intents", $"customer created {StripeRoutes.Paging}", List);
        routes.Get("/payment_intents/{id}", "", call => View(call, Known(call)), KeyKind.SecretOrPublishable);
        routes.Post(
            "/payment_intents/{id}",
            "amount currency customer description metadata payment_method receipt_email setup_future_usage", Update);
        routes.Post("/payment_intents/{id}/confirm", Confirming, Confirm, KeyKind.SecretOrPublishable);
        routes.Post("/payment_intents/{id}/cancel", "cancellation_reason", Cancel);
    }

    public static JsonObject View(StripeCall call, PaymentIntent intent) =>
        IntentRules.View(call, StripeView.Of(intent));

    private static JsonObject Create(StripeCall call)
    {
        var form = call.Form;
        if (form.Flag("off_session") && !form.Flag("confirm"))
        {
            throw StripeError.Invalid("You can only set `off_session` when `confirm=true`.", "off_session");
        }

        var currency = PaymentRules.CheckCurrency(form);
        var amount = PaymentRules.CheckAmount(form, currency);
        var id = StripeIds.New("pi");
        var intent = new PaymentIntent
        {
            Id = id,
            ClientSecret = StripeIds.Secret(id),
            Created = call.Created,
            Amount = amount,
            Currency = currency,
            AutomaticPaymentMethods = IntentRules.Automatic(form),
            Customer = form.Filled("customer") is { } customer ? Customers.Living(call, customer).Id : null,
            Description = form.Filled("description"),
            Metadata = Metadata.Merge(form),
            PaymentMethodTypes = PaymentRules.TypesOffered(form),
            ReceiptEmail = form.Filled("receipt_email"),
            SetupFutureUsage = PaymentRules.CheckFutureUsage(form),
            StatementDescriptor = form.Filled("statement_descriptor"),
        };
        if (form.Filled("payment_method") is { } card)
        {
            intent = WithCard(call, intent, card);
        }

        call.Change.Put(intent);
        call.Emit("payment_intent.created", intent);
        return View(call, form.Flag("confirm") ? PaymentFlow.Confirm(call, intent) : intent);
    }

    private static JsonObject List(StripeCall call)
    {
        var created = TimeFilter.Of(call.Form, "created");
        return StripeView.Page<PaymentIntent>(call, "/v1/payment_intents", What, one =>
            created.Fits(one.Created)
            && (call.Form.Filled("customer") is not { } customer || one.Customer == customer));
    }

    private static JsonObject Update(StripeCall call)
    {
        var form = call.Form;
        var intent = call.Find<PaymentIntent>(What);
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.Canceled or IntentStatus.Processing
            && form.Names.Any(name => name is not ("metadata" or "description" or "receipt_email" or "expand")))
        {
            throw PaymentRules.Unexpected(call, intent,
                $"This PaymentIntent's {form.Names.First()} could not be updated because it has a status of "
                + $"{intent.Status}.");
        }

        var currency = form.Has("currency") ? PaymentRules.CheckCurrency(form) : intent.Currency;
        var after = intent with
        {
            Currency = currency,
            Amount = form.Has("amount") ? PaymentRules.CheckAmount(form, currency) : intent.Amount,
            Customer = form.Filled("customer") is { } customer ? Customers.Living(call, customer).Id : intent.Customer,
            Description = form.Has("description") ? form.Filled("description") : intent.Description,
            Metadata = Metadata.Merge(form, intent.Metadata),
            ReceiptEmail = form.Has("receipt_email") ? form.Filled("receipt_email") : intent.ReceiptEmail,
            SetupFutureUsage = form.Has("setup_future_usage")
                ? PaymentRules.CheckFutureUsage(form)
                : intent.SetupFutureUsage,
        };
        if (form.Filled("payment_method") is { } card)
        {
            after = WithCard(call, after, card);
        }

        return View(call, call.Change.Put(after));
    }

    private static JsonObject Confirm(StripeCall call)
    {
        var intent = Known(call);
        PaymentRules.CheckConfirmable(call, intent);
        if (call.Form.Has("setup_future_usage"))
        {
            intent = intent with { SetupFutureUsage = PaymentRules.CheckFutureUsage(call.Form) };
        }

        if (call.Form.Filled("receipt_email") is { } email)
        {
            intent = intent with { ReceiptEmail = email };
        }

        if (call.Form.Filled("payment_method") is { } card)
        {
            intent = WithCard(call, intent, card);
        }

        return View(call, PaymentFlow.Confirm(call, intent));
    }

    private static JsonObject Cancel(StripeCall call)
    {
        var intent = call.Find<PaymentIntent>(What);
        var reason = call.Form.Filled("cancellation_reason");
        if (reason is not null && !CancellationReasons.Contains(reason))
        {
            throw StripeError.Invalid(
                $"Invalid cancellation_reason: must be one of {string.Join(", ", CancellationReasons)}",
                "cancellation_reason");
        }

        PaymentRules.CheckCancelable(call, intent);
        return View(call, PaymentFlow.Cancel(call, intent, reason));
    }

    private static PaymentIntent WithCard(StripeCall call, PaymentIntent intent, string card)
    {
        var method = CardData.Resolve(call, card);
        PaymentMethods.CheckUsable(method);
        PaymentRules.CheckOffered(method, intent);
        PaymentRules.CheckOwner(method, intent);
        return intent with { PaymentMethod = method.Id, Status = IntentStatus.RequiresConfirmation, NextAction = null };
    }

    private static PaymentIntent Known(StripeCall call)
    {
        var intent = call.Find<PaymentIntent>(What);
        call.CheckClientSecret(intent.ClientSecret, "PaymentIntent");
        return intent;
    }
}
