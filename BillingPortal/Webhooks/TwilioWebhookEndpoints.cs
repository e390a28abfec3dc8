using BillingPortal.Kernel;
using BillingPortal.Providers.Sms;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Webhooks;

/// <summary>
/// Where Twilio calls. Anonymous: the signature says who it is. It is answered with TwiML once the event is durable; a
/// call of a number that the portal itself answers ends there.
/// </summary>
internal static class TwilioWebhookEndpoints
{
    public static IEndpointRouteBuilder MapTwilioWebhooks(this IEndpointRouteBuilder routes)
    {
        var twilio = routes.MapGroup("/api/webhooks/twilio").AllowAnonymous().DisableAntiforgery().WithMetadata(ProviderCall.Mark)
            .WithTags("Webhooks").ExcludeFromDescription();
        Map(twilio, "/sms", TwilioReceiver.InboundSms);
        Map(twilio, "/status", TwilioReceiver.SmsStatus);
        Map(twilio, "/voice", TwilioReceiver.VoiceStatus);
        return routes;
    }

    // GET as well: a number's settings at Twilio let a person choose it.
    private static void Map(RouteGroupBuilder twilio, string path, string type) => twilio.MapMethods(
        path, [HttpMethods.Post, HttpMethods.Get],
        (HttpRequest request, [FromHeader(Name = "X-Twilio-Signature")] string? signature, TwilioReceiver receiver,
            CancellationToken cancellationToken) => ReceiveAsync(type, request, signature, receiver, cancellationToken));

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReceiveAsync(
        string type, HttpRequest request, string? signature, TwilioReceiver receiver,
        CancellationToken cancellationToken)
    {
        if (await WebhookBody.ReadAsync(request, cancellationToken) is not { } body)
        {
            return WebhookProblems.TooLarge;
        }

        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var call = new TwilioRequest(request.Method, target, request.ContentType, signature, body);
        var (outcome, reply) = await receiver.ReceiveAsync(type, call, cancellationToken);
        return outcome switch
        {
            TwilioOutcome.Kept => TypedResults.Text(
                reply is null ? Twiml.Nothing : Twiml.Reply(reply.Text, reply.StatusCallback), Twiml.ContentType),
            TwilioOutcome.NotTwilios => WebhookProblems.InvalidSignature,
            TwilioOutcome.Incomplete => Problems.Invalid(
                "incomplete_event", "Signed, but without the ids, numbers or status that this address needs."),
        };
    }
}
