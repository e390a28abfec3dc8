using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Webhooks;

/// <summary>
/// Where Stripe calls. Anonymous: the signature says who it is. It is answered once the event is durable, before
/// anything is done about it.
/// </summary>
internal static class StripeWebhookEndpoints
{
    public static IEndpointRouteBuilder MapStripeWebhooks(this IEndpointRouteBuilder routes)
    {
        // The later two are the addresses of the systems that this one replaces.
        foreach (var path in new[] { "/api/stripe/webhooks", "/api/stripe/webhook", "/api/credits/webhook" })
        {
            routes.MapPost(path, ReceiveAsync).AllowAnonymous().DisableAntiforgery().WithMetadata(ProviderCall.Mark).WithTags("Webhooks")
                .WithSummary("Stripe's events, signed")
                .ExcludeFromDescription();
        }

        return routes;
    }

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> ReceiveAsync(
        HttpRequest request, [FromHeader(Name = "Stripe-Signature")] string? signature, StripeReceiver receiver,
        CancellationToken cancellationToken)
    {
        if (await WebhookBody.ReadAsync(request, cancellationToken) is not { } body)
        {
            return WebhookProblems.TooLarge;
        }

        return await receiver.ReceiveAsync(signature, body, cancellationToken) switch
        {
            ReceiveOutcome.Stored => TypedResults.Ok(new WebhookAnswer(true, Duplicate: false)),
            ReceiveOutcome.Known => TypedResults.Ok(new WebhookAnswer(true, Duplicate: true)),
            ReceiveOutcome.Refused => WebhookProblems.InvalidSignature,
        };
    }
}

/// <summary>What a provider is told.</summary>
internal sealed record WebhookAnswer(bool Received, bool Duplicate);
