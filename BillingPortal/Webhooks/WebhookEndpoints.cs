using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Webhooks;

/// <summary>
/// Where providers call. Anonymous: the signature says who it is. They answer once the event is durable, before
/// anything is done about it.
/// </summary>
internal static class WebhookEndpoints
{
    private const int BodyBytesMax = 256 * 1024;

    public static IEndpointRouteBuilder MapStripeWebhooks(this IEndpointRouteBuilder routes)
    {
        // The later two are the addresses of the systems that this one replaces.
        foreach (var path in new[] { "/api/stripe/webhooks", "/api/stripe/webhook", "/api/credits/webhook" })
        {
            routes.MapPost(path, ReceiveStripeAsync).AllowAnonymous().DisableAntiforgery().WithTags("Webhooks")
                .WithSummary("Stripe's events, signed")
                .ExcludeFromDescription();
        }

        return routes;
    }

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> ReceiveStripeAsync(
        HttpRequest request, [FromHeader(Name = "Stripe-Signature")] string? signature, WebhookReceiver receiver,
        CancellationToken cancellationToken)
    {
        if (await ReadAsync(request, cancellationToken) is not { } body)
        {
            return Problems.Invalid("body_too_large", "A webhook's body may have 256 KiB at most.");
        }

        return await receiver.ReceiveStripeAsync(signature, body, cancellationToken) switch
        {
            ReceiveOutcome.Stored => TypedResults.Ok(new WebhookAnswer(true, Duplicate: false)),
            ReceiveOutcome.Known => TypedResults.Ok(new WebhookAnswer(true, Duplicate: true)),
            ReceiveOutcome.Refused => Problems.Invalid(
                "invalid_signature", "The signature is missing, not ours, too old, or of the other mode."),
        };
    }

    // Raw, because any re-serialisation breaks the signature; bounded, whatever length is claimed. Null: too large.
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > BodyBytesMax)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > BodyBytesMax)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>What a provider is told.</summary>
    internal sealed record WebhookAnswer(bool Received, bool Duplicate);
}
