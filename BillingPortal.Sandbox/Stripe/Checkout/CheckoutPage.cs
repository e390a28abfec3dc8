using System.Globalization;
using System.Net;
using System.Text;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Control;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Checkout;

/// <summary>The hosted payment page at <c>/checkout/{id}</c> and the two calls it makes.</summary>
internal static class CheckoutPage
{
    public static void MapCheckoutPage(this WebApplication app)
    {
        app.MapGet("/checkout/{id}", Show);
        app.MapGet("/checkout/{id}/state", (string id, World world) =>
            Find(world, id) is { } session ? Results.Ok(State(session)) : Results.NotFound());
        app.MapPost("/checkout/{id}/pay", Pay);
    }

    private static IResult Show(string id, World world)
    {
        if (Find(world, id) is not { } session)
        {
            var nothing = Closed("There is no such payment page.", null);
            return Assets.Page("checkout.html", "Payment page not found", nothing, StatusCodes.Status404NotFound);
        }

        return Assets.Page("checkout.html", "Pay with card", session.Status switch
        {
            "complete" => Closed("This payment is complete.", ReturnUrl(session)),
            "expired" => Closed("This payment page has expired. Nothing was charged.", session.CancelUrl),
            _ => Open(session),
        });
    }

    private static IResult Pay(string id, CheckoutPayRequest request, World world, SandboxTime time, EventLog events) =>
        world.Run(change =>
        {
            var call = new StripeCall
            {
                Form = Form.Of([]),
                Change = change,
                Events = events,
                Now = time.GetUtcNow(),
                RequestId = StripeIds.New("req"),
                IsPublishable = true,
            };
            try
            {
                var session = change.Find<CheckoutSession>(id) ?? throw StripeError.NoSuch("checkout.session", id);
                return Results.Ok(CheckoutPayment.Pay(call, session, request));
            }
            catch (StripeError refusal) when (refusal.Executed || refusal.Status == 400)
            {
                return Results.Json(refusal.ToJson(), statusCode: refusal.Status);
            }
        });

    private static CheckoutSession? Find(World world, string id) =>
        world.Run(change => change.Find<CheckoutSession>(id));

    private static object State(CheckoutSession session) => new { session.Status, ReturnUrl = ReturnUrl(session) };

    private static string ReturnUrl(CheckoutSession session) =>
        session.SuccessUrl.Replace("{CHECKOUT_SESSION_ID}", session.Id, StringComparison.Ordinal);

    private static string Closed(string message, string? link)
    {
        var back = link is null ? "" : $"""<p><a class="button" href="{Text(link)}">Back to the shop</a></p>""";
        return $"""<section class="card center"><h1>{Text(message)}</h1>{back}</section>""";
    }

    private static string Open(CheckoutSession session)
    {
        var total = Money(session.AmountTotal, session.Currency);
        var lines = new StringBuilder();
        foreach (var line in session.Lines)
        {
            var price = Money(line.UnitAmount * line.Quantity, session.Currency);
            lines.Append(CultureInfo.InvariantCulture, $"""
                <li><span>{Text(line.Name)}{(line.Quantity > 1 ? $" × {line.Quantity}" : "")}
                <small>{Text(line.Description ?? "")}</small></span><span class="figure">{price}</span></li>
                """);
        }

        var cancel = session.CancelUrl is { } url
            ? $"""<a class="back" href="{Text(url)}">← Cancel and go back</a>"""
            : "";
        return $"""
            <div class="columns">
              <section aria-labelledby="sum-title">
                {cancel}
                <h1 id="sum-title">Pay <span class="figure">{total}</span></h1>
                <ul class="lines">{lines}</ul>
              </section>
              <form class="card" id="checkout" data-session="{session.Id}" data-amount="{session.AmountTotal}"
                data-currency="{session.Currency}" data-key="{SandboxOptions.StripePublishableKey}" novalidate>
                {Email(session)}
                <div id="card"></div>
                {Save(session)}
                <p id="problem" class="problem" role="alert" hidden></p>
                <button type="submit" id="pay" class="button wide">Pay {total}</button>
                <p class="hint">No real money moves: this page is part of the sandbox.</p>
              </form>
            </div>
            """;
    }

    private static string Email(CheckoutSession session) => session.Customer is not null ? "" : $"""
        <label for="email">Email</label>
        <input id="email" name="email" type="email" autocomplete="email" required
          value="{Text(session.CustomerEmail ?? "")}">
        """;

    private static string Save(CheckoutSession session)
    {
        if (session.SetupFutureUsage is not null)
        {
            return """
                <p class="hint">By paying you allow the shop to charge this card for future payments in accordance
                with its terms.</p>
                """;
        }

        return session.OffersToSave
            ? """<label class="check"><input type="checkbox" id="save"> Save this card for future purchases</label>"""
            : "";
    }

    private static string Money(long cents, string currency) => currency == "usd"
        ? (cents / 100m).ToString("$#,0.00", CultureInfo.InvariantCulture)
        : (cents / 100m).ToString("#,0.00 ", CultureInfo.InvariantCulture) + currency.ToUpperInvariant();

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
