using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Cards;
using BillingPortal.Sandbox.Stripe.Objects;
using BillingPortal.Sandbox.Stripe.Payments;

namespace BillingPortal.Sandbox.Stripe.Checkout;

/// <summary><c>/v1/checkout/sessions</c> in payment mode: a hosted page that takes one payment.</summary>
internal static class CheckoutSessions
{
    private const string What = "checkout.session";
    private const string Parameters =
        "mode line_items success_url cancel_url customer customer_email customer_creation client_reference_id metadata "
        + "payment_intent_data expires_at saved_payment_method_options allowed_payment_method_types locale submit_type";

    private static readonly TimeSpan OpenMin = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan OpenMax = TimeSpan.FromHours(24);

    public static void MapCheckoutSessions(this StripeRoutes routes)
    {
        routes.Post("/checkout/sessions", Parameters, Create);
        routes.Get("/checkout/sessions", $"customer payment_intent status created {StripeRoutes.Paging}", List);
        routes.Get("/checkout/sessions/{id}", "", call => StripeView.Of(call.Find<CheckoutSession>(What)));
        routes.Get("/checkout/sessions/{id}/line_items", StripeRoutes.Paging, Lines);
        routes.Post("/checkout/sessions/{id}/expire", "", Expire);
    }

    private static JsonObject Create(StripeCall call)
    {
        var form = call.Form;
        if (form.Required("mode") != "payment")
        {
            throw StripeError.Invalid("The sandbox offers Checkout in mode payment only.", "mode");
        }

        var lines = ReadLines(form, out var currency);
        var intent = form.Sub("payment_intent_data");
        var id = StripeIds.New("cs_test");
        var session = new CheckoutSession
        {
            Id = id,
            AmountTotal = CheckTotal(lines, currency),
            Currency = currency,
            Lines = lines,
            Created = call.Created,
            ExpiresAt = ReadExpiry(call),
            SuccessUrl = form.Required("success_url"),
            CancelUrl = form.Filled("cancel_url"),
            ClientReferenceId = form.Filled("client_reference_id"),
            Customer = form.Filled("customer") is { } customer ? Customers.Living(call, customer).Id : null,
            CustomerCreation = form.Filled("customer_creation") ?? "if_required",
            CustomerEmail = form.Filled("customer_email"),
            Metadata = Metadata.Merge(form),
            IntentMetadata = intent is null ? new Dictionary<string, string>() : Metadata.Merge(intent),
            IntentDescription = intent?.Filled("description"),
            SetupFutureUsage = intent is null ? null : PaymentRules.CheckFutureUsage(intent),
            OffersToSave = form.Sub("saved_payment_method_options")?.Filled("payment_method_save") == "enabled",
            Url = $"{call.BaseUrl}/checkout/{id}",
        };
        call.Change.Put(session);
        Appointment.Make(call, id, session.ExpiresAt);
        return StripeView.Of(session);
    }

    private static List<CheckoutLine> ReadLines(Form form, out string currency)
    {
        var lines = new List<CheckoutLine>();
        currency = "";
        foreach (var line in form.Items("line_items"))
        {
            var price = line.Sub("price_data") ?? throw StripeError.Invalid(
                "The sandbox wants line_items with price_data: it knows no prices by id.", "line_items");
            currency = PaymentRules.CheckCurrency(price);
            price.Required("unit_amount");
            var product = price.Sub("product_data") ?? throw StripeError.MissingParameter(price.Path("product_data"));
            lines.Add(new CheckoutLine(
                product.Required("name"), product.Filled("description"), price.Integer("unit_amount")!.Value,
                line.Integer("quantity") ?? throw StripeError.MissingParameter(line.Path("quantity"))));
        }

        return lines.Count > 0 ? lines : throw StripeError.MissingParameter("line_items");
    }

    private static long CheckTotal(List<CheckoutLine> lines, string currency)
    {
        var total = lines.Sum(line => line.UnitAmount * line.Quantity);
        return total >= 50 ? total : throw StripeError.Invalid(
            $"The Checkout Session's total amount due must add up to at least $0.50 {currency}",
            code: "amount_too_small");
    }

    private static long ReadExpiry(StripeCall call)
    {
        var latest = (call.Now + OpenMax).ToUnixTimeSeconds();
        var asked = call.Form.Integer("expires_at") ?? latest;

        // A minute of grace: the caller computed the time before the call was on its way.
        var earliest = (call.Now + OpenMin).ToUnixTimeSeconds() - 60;
        return asked >= earliest && asked <= latest + 60 ? asked : throw StripeError.Invalid(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session "
            + "creation.",
            "expires_at");
    }

    private static JsonObject List(StripeCall call)
    {
        var form = call.Form;
        var created = TimeFilter.Of(form, "created");
        return StripeView.Page<CheckoutSession>(call, "/v1/checkout/sessions", What, one =>
            created.Fits(one.Created)
            && (form.Filled("customer") is not { } customer || one.Customer == customer)
            && (form.Filled("payment_intent") is not { } intent || one.PaymentIntent == intent)
            && (form.Filled("status") is not { } status || one.Status == status));
    }

    private static JsonObject Lines(StripeCall call)
    {
        var session = call.Find<CheckoutSession>(What);
        var data = session.Lines.Select((line, index) => new JsonObject
        {
            ["id"] = $"li_{session.Id}_{index}",
            ["object"] = "item",
            ["amount_total"] = line.UnitAmount * line.Quantity,
            ["currency"] = session.Currency,
            ["description"] = line.Name,
            ["quantity"] = line.Quantity,
        });
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data]),
            ["has_more"] = false,
            ["url"] = $"/v1/checkout/sessions/{session.Id}/line_items",
        };
    }

    private static JsonObject Expire(StripeCall call)
    {
        var session = call.Find<CheckoutSession>(What);
        return session.Status == "open"
            ? StripeView.Of(CheckoutFlow.Expire(call, session))
            : throw StripeError.State(
                "checkout_session_not_open",
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status "
                + $"of {session.Status}.");
    }
}
