using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Email;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Webhooks;

/// <summary>Where Resend calls, through Svix. Anonymous: the signature says who it is.</summary>
internal static class ResendWebhookEndpoints
{
    public static IEndpointRouteBuilder MapResendWebhooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/webhooks/resend", ReceiveAsync).AllowAnonymous().DisableAntiforgery().WithMetadata(ProviderCall.Mark)
            .WithTags("Webhooks").WithSummary("Resend's events, signed").ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> ReceiveAsync(
        HttpRequest request, [FromHeader(Name = "svix-id")] string? id,
        [FromHeader(Name = "svix-timestamp")] string? timestamp,
        [FromHeader(Name = "svix-signature")] string? signature, ResendReceiver receiver,
        CancellationToken cancellationToken)
    {
        if (await WebhookBody.ReadAsync(request, cancellationToken) is not { } body)
        {
            return WebhookProblems.TooLarge;
        }

        return await receiver.ReceiveAsync(new SvixHeaders(id, timestamp, signature), body, cancellationToken) switch
        {
            ReceiveOutcome.Stored => TypedResults.Ok(new WebhookAnswer(true, Duplicate: false)),
            ReceiveOutcome.Known => TypedResults.Ok(new WebhookAnswer(true, Duplicate: true)),
            ReceiveOutcome.Refused => Problems.Invalid(
                "invalid_signature", "The signature is missing, not ours, too old, or not of an event."),
        };
    }
}

/// <summary>Takes Resend's calls: signature over the raw bytes, one row, then yes.</summary>
public sealed class ResendReceiver(ResendSignature signature, WebhookReceiver receiver, TimeProvider time)
{
    public Task<ReceiveOutcome> ReceiveAsync(SvixHeaders headers, byte[] body, CancellationToken cancellationToken)
    {
        var (outcome, arrived, text) = signature.Read(headers, body);
        return arrived is null
            ? Task.FromResult(receiver.Refuse(WebhookInbox.Resend, TextCodes.Of(outcome), body.Length))
            : receiver.StoreAsync(
                WebhookInbox.Resend,
                new ArrivedEvent(headers.Id!, arrived.Type, arrived.EmailId, arrived.CreatedAt ?? time.GetUtcNow(), text!),
                cancellationToken);
    }
}
