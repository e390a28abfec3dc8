using System.Text.Json.Serialization;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Purchases;

/// <summary>Buying over HTTP. An answer never grants credits by itself: they come from the settlement.</summary>
internal static class PurchaseEndpoints
{
    private static readonly string[] Refused =
        ["invalid_purchase", "unknown_package", "unknown_payment_method", "purchase_ended", "stripe_unreachable"];

    public static IEndpointRouteBuilder MapPurchaseEndpoints(this IEndpointRouteBuilder routes)
    {
        var purchases = routes.MapGroup("/api").RequireAuthorization(Policies.TenantBilling).WithTags("Purchases");
        purchases.MapPost("/stripe/create-payment-intent", StartAsync).WithIdempotency()
            .WithSummary("Opens a payment for a package or a custom amount; with a saved card it is charged at once")
            .WithDescription(
                "`customAmount` is US dollars, `customCredits` whole credits, `unit: usd` adds wallet funds. Credits come from the "
                + "settlement, never from this answer.")
            .WithExample("A package", PurchaseExamples.Opened, PurchaseExamples.Package)
            .WithExample("An amount with a saved card", PurchaseExamples.Paid, PurchaseExamples.Amount)
            .WithProblems([.. Refused, "invalid_unit", "card_declined"]);
        purchases.MapPost("/credits/create-checkout-session", CheckoutAsync).WithIdempotency()
            .WithSummary("Opens a payment on Stripe's hosted page").WithProblems(Refused)
            .WithExample("A hundred credits", PurchaseExamples.Session, PurchaseExamples.Checkout);
        return routes;
    }

    private static async Task<Results<Ok<PaymentIntentAnswer>, ProblemHttpResult>> StartAsync(
        [FromHeader(Name = "Idempotency-Key")] string? attemptKey, PaymentIntentRequest request, CurrentTenant tenant,
        PurchaseService purchases, CancellationToken cancellationToken)
    {
        if (request.ToPurchase() is not { } wanted)
        {
            return Problems.Invalid("invalid_unit", "unit must be \"credits\" or \"usd\".");
        }

        var start = await purchases.StartAsync(
            tenant.Id, wanted, attemptKey ?? NewKey(), tenant.UserId, cancellationToken);
        return start.Outcome switch
        {
            StartOutcome.Ready or StartOutcome.RequiresAction or StartOutcome.Processing or StartOutcome.Settled
                or StartOutcome.Checking => TypedResults.Ok(PaymentIntentAnswer.Of(start)),
            StartOutcome.Declined => Problems.PaymentRequired("card_declined", start.Decline!.ToString()),
            StartOutcome.Ended => Problems.Conflict(
                "purchase_ended", "This attempt is over. Start a new one with a new Idempotency-Key."),
            _ => Refusal(start.Outcome, start.Detail),
        };
    }

    private static async Task<Results<Ok<CheckoutAnswer>, ProblemHttpResult>> CheckoutAsync(
        [FromHeader(Name = "Idempotency-Key")] string? attemptKey, CheckoutRequest request, CurrentTenant tenant,
        CheckoutService checkout, CancellationToken cancellationToken)
    {
        var wanted = new StartPurchase
        {
            PackageId = request.PackageId,
            CustomCredits = request.Credits,
            EnableAutoRecharge = request.EnableAutoRecharge,
        };
        var start = await checkout.StartAsync(
            tenant.Id, wanted, attemptKey ?? NewKey(), tenant.UserId, cancellationToken);
        return start is { Outcome: StartOutcome.Ready, SessionId: { } sessionId, Url: { } url }
            ? TypedResults.Ok(new CheckoutAnswer(sessionId, url))
            : start.Outcome is StartOutcome.Ended
            ? Problems.Conflict("purchase_ended", "This attempt is over. Start a new one with a new Idempotency-Key.")
            : Refusal(start.Outcome, start.Detail);
    }

    private static ProblemHttpResult Refusal(StartOutcome outcome, string? detail) => outcome switch
    {
        StartOutcome.UnknownPackage => Problems.NotFound("unknown_package", detail),
        StartOutcome.UnknownCard => Problems.NotFound("unknown_payment_method", "This tenant has no such saved card."),
        StartOutcome.KeyReused => Problems.Conflict(
            "idempotency_key_reused", "This Idempotency-Key was used for another purchase. Use a new one."),
        StartOutcome.Unreachable => Problems.Provider(
            "stripe_unreachable",
            "Stripe did not answer and nothing was charged. Try again with the same Idempotency-Key."),
        _ => Problems.Invalid("invalid_purchase", detail ?? "The purchase is not valid."),
    };

    private static string NewKey() => Ids.New().ToString();
}

/// <summary>The body of <c>POST /api/stripe/create-payment-intent</c>.</summary>
internal sealed record PaymentIntentRequest(
    string? PackageId,
    decimal? CustomAmount,
    long? CustomCredits,
    string? Unit,
    bool? SavePaymentMethod,
    string? PaymentMethodId,
    [property: JsonPropertyName("enable_auto_recharge")] bool? EnableAutoRecharge)
{
    /// <summary>Null when the unit is not one.</summary>
    public StartPurchase? ToPurchase() => (Unit is null ? Kernel.Unit.Credits : Units.Parse(Unit)) is { } unit
        ? new StartPurchase
        {
            PackageId = PackageId,
            CustomAmount = CustomAmount,
            CustomCredits = CustomCredits,
            Unit = unit,
            SavePaymentMethod = SavePaymentMethod ?? false,
            PaymentMethodId = PaymentMethodId,
            EnableAutoRecharge = EnableAutoRecharge ?? false,
        }
        : null;
}

/// <summary>
/// Its answer: <c>amount</c> in US dollars, <c>credits</c> in the unit bought; <c>status</c> tells how far it came.
/// </summary>
internal sealed record PaymentIntentAnswer(
    string? ClientSecret, string? PaymentIntentId, decimal Credits, decimal Amount, decimal BonusCredits,
    string Unit, string Status, Guid PurchaseId)
{
    public static PaymentIntentAnswer Of(StartResult start)
    {
        var purchase = start.Purchase!;
        return new PaymentIntentAnswer(
            start.ClientSecret, purchase.PaymentIntentId, purchase.Credits.ToDecimal(), purchase.PriceCents / 100m,
            purchase.Bonus.ToDecimal(), purchase.Unit.ToCode(), StatusOf(start.Outcome), purchase.Id);
    }

    private static string StatusOf(StartOutcome outcome) => outcome switch
    {
        StartOutcome.Ready => "requires_payment_method",
        StartOutcome.RequiresAction => "requires_action",
        StartOutcome.Settled => "succeeded",
        _ => "processing",
    };
}

/// <summary>The body of <c>POST /api/credits/create-checkout-session</c>.</summary>
internal sealed record CheckoutRequest(
    long? Credits,
    [property: JsonPropertyName("enable_auto_recharge")] bool EnableAutoRecharge = false,
    [property: JsonPropertyName("package_id")] string? PackageId = null);

/// <summary>Its answer: the hosted page to send the buyer to.</summary>
internal sealed record CheckoutAnswer([property: JsonPropertyName("session_id")] string SessionId, Uri Url);
