using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Cards;

/// <summary>Saved cards over HTTP: <c>/api/stripe/payment-methods</c>.</summary>
internal static class CardEndpoints
{
    private const string Path = "/api/stripe/payment-methods";

    public static IEndpointRouteBuilder MapCardEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync).RequireAuthorization(Policies.TenantRead).WithTags("Cards")
            .WithSummary("The saved cards, in the order in which auto-recharge tries them").WithExample("The cards", CardExamples.List);
        routes.MapPost(Path, ActAsync).RequireAuthorization(Policies.TenantBilling).WithTags("Cards")
            .WithSummary("Adds a card or chooses the default one")
            .WithDescription("`create_setup_intent` begins adding a card in the browser, `save` (with `setupIntentId`) stores it, "
                + "`set_default` (with `paymentMethodId`) chooses the default.")
            .Produces<SetupAnswer>().Produces<CardAnswer>().Produces<Done>()
            .WithExample("Begin adding a card", CardExamples.Begun, CardExamples.Begin)
            .WithExample("Choose the default", CardExamples.Done, CardExamples.SetDefault)
            .WithProblems(
                "invalid_action", "too_many_cards", "setup_incomplete", "card_declined", "unknown_setup_intent", "unknown_payment_method");
        routes.MapDelete(Path, RemoveAsync).RequireAuthorization(Policies.TenantBilling).WithTags("Cards")
            .WithSummary("Removes a saved card, here and at Stripe").WithProblems("invalid_request", "unknown_payment_method")
            .WithExample("Remove", CardExamples.Done, at: Path + "?paymentMethodId=$CARD_ID");
        return routes;
    }

    private static async Task<Ok<CardListAnswer>> ListAsync(
        CurrentTenant tenant, CardService cards, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            new CardListAnswer([.. (await cards.ListAsync(tenant.Id, cancellationToken)).Select(CardAnswer.Of)]));

    private static Task<IResult> ActAsync(
        CardAction request, CurrentTenant tenant, CardService cards, CardSetupService setups,
        CancellationToken cancellationToken) =>
        request switch
        {
            { Action: "create_setup_intent" } => BeginAsync(tenant.Id, setups, cancellationToken),
            { Action: "save", SetupIntentId: { Length: > 0 } setup } =>
                SaveAsync(tenant.Id, setup, setups, cancellationToken),
            { Action: "set_default", PaymentMethodId: { Length: > 0 } card } =>
                SetDefaultAsync(tenant.Id, card, cards, cancellationToken),
            _ => Task.FromResult<IResult>(Problems.Invalid(
                "invalid_action",
                "action must be create_setup_intent, save (with setupIntentId), set_default (with paymentMethodId).")),
        };

    private static async Task<IResult> BeginAsync(
        Guid tenantId, CardSetupService setups, CancellationToken cancellationToken) =>
        await setups.BeginAsync(tenantId, cancellationToken) is { } setup
            ? TypedResults.Ok(new SetupAnswer(setup.ClientSecret, setup.SetupIntentId))
            : Problems.Conflict("too_many_cards", "As many cards as allowed are saved. Remove one first.");

    private static async Task<IResult> SaveAsync(
        Guid tenantId, string setupIntentId, CardSetupService setups, CancellationToken cancellationToken)
    {
        var saved = await setups.FinishAsync(setupIntentId, tenantId, cancellationToken);
        return saved.Outcome switch
        {
            SaveOutcome.Saved => TypedResults.Ok(CardAnswer.Of(saved.Card!)),
            SaveOutcome.NotYet =>
                Problems.Conflict("setup_incomplete", "The card is not set up yet. Finish the setup in the browser."),
            SaveOutcome.Refused => Problems.PaymentRequired("card_declined", saved.Decline!.ToString()),
            SaveOutcome.NotOurs => Problems.NotFound("unknown_setup_intent", "There is no such setup."),
        };
    }

    private static async Task<IResult> SetDefaultAsync(
        Guid tenantId, string paymentMethodId, CardService cards, CancellationToken cancellationToken) =>
        await cards.SetDefaultAsync(tenantId, paymentMethodId, cancellationToken) ? TypedResults.Ok(new Done(true))
            : Unknown();

    private static async Task<Results<Ok<Done>, ProblemHttpResult>> RemoveAsync(
        string paymentMethodId, CurrentTenant tenant, CardService cards, CancellationToken cancellationToken) =>
        await cards.RemoveAsync(tenant.Id, paymentMethodId, cancellationToken) ? TypedResults.Ok(new Done(true))
            : Unknown();

    private static ProblemHttpResult Unknown() =>
        Problems.NotFound("unknown_payment_method", "This tenant has no such saved card.");
}

/// <summary>The body of <c>POST /api/stripe/payment-methods</c>.</summary>
internal sealed record CardAction(string? Action, string? PaymentMethodId, string? SetupIntentId);

/// <summary>The answer to <c>create_setup_intent</c>; the secret is for the browser that adds the card.</summary>
internal sealed record SetupAnswer(string ClientSecret, string SetupIntentId);

/// <summary>The list of saved cards.</summary>
internal sealed record CardListAnswer(IReadOnlyList<CardAnswer> PaymentMethods);

/// <summary>One saved card; <c>id</c> is Stripe's.</summary>
internal sealed record CardAnswer(
    string Id, string Brand, string Last4, int ExpMonth, int ExpYear, bool IsDefault, string State, int Priority)
{
    public static CardAnswer Of(SavedCard card) => new(
        card.PaymentMethodId, card.Brand, card.Last4, card.ExpMonth, card.ExpYear, card.IsDefault,
        TextCodes.Of(card.State),
        card.Priority);
}

/// <summary>The answer of an action that has nothing else to say.</summary>
internal sealed record Done(bool Success);
