using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary><c>/v1/setup_intents</c>: saving a card so that it can be charged without the customer.</summary>
internal static class SetupIntents
{
    private const string What = "SetupIntent";
    private const string Confirming = "payment_method return_url use_stripe_sdk mandate_data";

    public static void MapSetupIntents(this StripeRoutes routes)
    {
        routes.Post(
            "/setup_intents",
            "customer usage description metadata confirm automatic_payment_methods allowed_payment_method_types "
            + Confirming,
            Create);
        routes.Get("/setup_intents", $"customer payment_method created {StripeRoutes.Paging}", List);
        routes.Get("/setup_intents/{id}", "", Read, KeyKind.SecretOrPublishable);
        routes.Post("/setup_intents/{id}", "customer description metadata payment_method", Update);
        routes.Post("/setup_intents/{id}/confirm", Confirming, ConfirmAsked, KeyKind.SecretOrPublishable);
        routes.Post("/setup_intents/{id}/cancel", "cancellation_reason", Cancel);
    }

    private static JsonObject Create(StripeCall call)
    {
        var form = call.Form;
        var customer = form.Filled("customer");
        var usage = form.Filled("usage") ?? "off_session";
        if (customer is not null)
        {
            Customers.Living(call, customer);
        }

        if (usage is not ("off_session" or "on_session"))
        {
            throw StripeError.Invalid("Invalid usage: must be one of off_session or on_session", "usage");
        }

        var method = form.Filled("payment_method") is { } card ? CardData.Resolve(call, card) : null;
        var id = StripeIds.New("seti");
        var intent = call.Change.Put(new SetupIntent
        {
            Id = id,
            ClientSecret = StripeIds.Secret(id),
            Created = call.Created,
            Customer = customer,
            Usage = usage,
            Description = form.Filled("description"),
            Metadata = Metadata.Merge(form),
            AutomaticPaymentMethods = IntentRules.Automatic(form),
            PaymentMethod = method?.Id,
            Status = method is null ? IntentStatus.RequiresPaymentMethod : IntentStatus.RequiresConfirmation,
        });
        call.Emit("setup_intent.created", intent);
        return StripeView.Of(form.Flag("confirm") ? Confirm(call, intent) : intent);
    }

    private static JsonObject List(StripeCall call)
    {
        var created = TimeFilter.Of(call.Form, "created");
        return StripeView.Page<SetupIntent>(call, "/v1/setup_intents", What, one =>
            created.Fits(one.Created)
            && (call.Form.Filled("customer") is not { } customer || one.Customer == customer)
            && (call.Form.Filled("payment_method") is not { } method || one.PaymentMethod == method));
    }

    private static JsonObject Read(StripeCall call) => View(call, Known(call));

    private static JsonObject Update(StripeCall call)
    {
        var before = call.Find<SetupIntent>(What);
        var method = call.Form.Filled("payment_method");
        return StripeView.Of(call.Change.Put(before with
        {
            Customer = call.Form.Filled("customer") is { } customer
                ? Customers.Living(call, customer).Id
                : before.Customer,
            Description = call.Form.Filled("description") ?? before.Description,
            Metadata = Metadata.Merge(call.Form, before.Metadata),
            PaymentMethod = method is null ? before.PaymentMethod : CardData.Resolve(call, method).Id,
            Status = method is null ? before.Status : IntentStatus.RequiresConfirmation,
        }));
    }

    private static JsonObject ConfirmAsked(StripeCall call) => View(call, Confirm(call, Known(call)));

    private static SetupIntent Confirm(StripeCall call, SetupIntent intent)
    {
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.Canceled)
        {
            throw StripeError.State(
                "setup_intent_unexpected_state",
                $"You cannot confirm this SetupIntent because it has a status of {intent.Status}.",
                new JsonObject { ["setup_intent"] = View(call, intent) });
        }

        var card = call.Form.Filled("payment_method") ?? intent.PaymentMethod ?? throw StripeError.Invalid(
            "You cannot confirm this SetupIntent because it's missing a payment method.", "payment_method",
            "setup_intent_unexpected_state");
        var method = CardData.Resolve(call, card);
        PaymentMethods.CheckUsable(method);
        if (method.Card is null)
        {
            throw StripeError.Invalid("Only cards are set up for later payments here.", "payment_method");
        }

        CheckOwner(method, intent);
        IntentRules.CheckReturnUrl(call, intent.AutomaticPaymentMethods, What);
        intent = intent with { PaymentMethod = method.Id, LastSetupError = null };
        var test = TestCards.ByName(method.TestCard)!;
        if (!test.IsAttachable)
        {
            throw Fail(call, intent, method, test.Declines!);
        }

        if (test.Asks is Challenge.UnlessSetUp or Challenge.Always)
        {
            var waiting = call.Change.Put(intent with
            {
                Status = IntentStatus.RequiresAction,
                NextAction = IntentRules.NextAction(call, intent.ClientSecret),
            });
            call.Emit("setup_intent.requires_action", waiting);
            return waiting;
        }

        return Succeed(call, intent);
    }

    /// <summary>The end of the challenge.</summary>
    public static SetupIntent Answer(StripeCall call, SetupIntent intent, bool isAuthenticated)
    {
        if (isAuthenticated)
        {
            return Succeed(call, intent);
        }

        var failed = call.Change.Put(intent with
        {
            Status = IntentStatus.RequiresPaymentMethod,
            NextAction = null,
            PaymentMethod = null,
            LastSetupError = new JsonObject
            {
                ["type"] = "invalid_request_error",
                ["code"] = "setup_intent_authentication_failure",
                ["message"] = IntentRules.AuthenticationFailed,
                ["payment_method"] = StripeView.Of(call.Change.Find<PaymentMethod>(intent.PaymentMethod)!),
            },
        });
        call.Emit("setup_intent.setup_failed", failed);
        return failed;
    }

    private static SetupIntent Succeed(StripeCall call, SetupIntent intent)
    {
        var method = call.Change.Find<PaymentMethod>(intent.PaymentMethod)!;
        if (intent.Customer is not null)
        {
            PaymentMethods.Keep(call, method, intent.Customer, isSetUp: intent.Usage == "off_session");
        }

        var done = call.Change.Put(intent with { Status = IntentStatus.Succeeded, NextAction = null });
        call.Emit("setup_intent.succeeded", done);
        return done;
    }

    private static StripeError Fail(StripeCall call, SetupIntent intent, PaymentMethod method, Decline decline)
    {
        var failed = call.Change.Put(intent with
        {
            Status = IntentStatus.RequiresPaymentMethod,
            NextAction = null,
            PaymentMethod = null,
            LastSetupError = CardRefused.Remembered(decline, method, null),
        });
        call.Emit("setup_intent.setup_failed", failed);
        return CardRefused.ForSetup(decline, method, View(call, failed));
    }

    private static JsonObject Cancel(StripeCall call)
    {
        var intent = call.Find<SetupIntent>(What);
        if (intent.Status is IntentStatus.Succeeded or IntentStatus.Canceled)
        {
            throw StripeError.State(
                "setup_intent_unexpected_state",
                $"You cannot cancel this SetupIntent because it has a status of {intent.Status}.",
                new JsonObject { ["setup_intent"] = StripeView.Of(intent) });
        }

        var reason = call.Form.Filled("cancellation_reason");
        intent = call.Change.Put(intent with
        {
            Status = IntentStatus.Canceled,
            NextAction = null,
            CancellationReason = reason,
        });
        call.Emit("setup_intent.canceled", intent);
        return StripeView.Of(intent);
    }

    private static void CheckOwner(PaymentMethod method, SetupIntent intent)
    {
        if (method.Customer is not null && method.Customer != intent.Customer)
        {
            throw StripeError.Invalid(
                $"The provided PaymentMethod ({method.Id}) is attached to another Customer.", "payment_method");
        }
    }

    private static SetupIntent Known(StripeCall call)
    {
        var intent = call.Find<SetupIntent>(What);
        call.CheckClientSecret(intent.ClientSecret, What);
        return intent;
    }

    private static JsonObject View(StripeCall call, SetupIntent intent) =>
        IntentRules.View(call, StripeView.Of(intent));
}
