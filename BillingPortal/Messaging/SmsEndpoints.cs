using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BillingPortal.Messaging;

/// <summary>Messages over HTTP. A repeat under the same key is answered, never sent again.</summary>
internal static class SmsEndpoints
{
    private const int RecentMessages = 10;

    public static IEndpointRouteBuilder MapSms(this IEndpointRouteBuilder routes)
    {
        var sms = routes.MapGroup("/api/sms").WithTags("SMS");
        sms.MapPost("/send", SendAsync).RequireAuthorization(Policies.TenantUsage).WithIdempotency()
            .WithSummary("Send one SMS")
            .WithDescription(
                "The price is reserved, the message handed to the provider, the price captured when it is taken and released when "
                + "it is refused. Without `from` it goes out from the first number in service. After 502 `outcome_unknown` repeat "
                + "under the same Idempotency-Key: nothing is sent twice.")
            .WithExample("A message", SmsExamples.Sent, SmsExamples.Send)
            .WithProblems(
                "invalid_to", "invalid_from", "empty_message", "message_too_long", "unsendable_character", "unknown_number",
                "refused_by_provider", "insufficient_balance", "not_offered", "country_not_allowed", "opted_out", "no_active_number",
                "number_not_ready", "number_suspended", "too_many_messages", "outcome_unknown", "provider_unavailable");
        sms.MapGet("/stats", StatsAsync).RequireAuthorization(Policies.TenantRead)
            .WithSummary("This month's messages (UTC) and the newest ones").WithExample("The month", SmsExamples.Stats);
        return routes;
    }

    private static async Task<Results<Ok<SmsSent>, ProblemHttpResult>> SendAsync(
        [FromHeader(Name = Idempotency.Header)] string? attemptKey, SendSms request, CurrentTenant tenant, SmsService sms,
        HttpResponse response, CancellationToken cancellationToken)
    {
        var sent = await sms.SendAsync(tenant.Id, tenant.Plan, request, attemptKey, cancellationToken);
        if (sent.Refusal is not { } refusal)
        {
            return TypedResults.Ok(SmsSent.Of(sent.Message!));
        }

        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Refuse(refusal, sent.Message);
    }

    private static async Task<Ok<SmsStats>> StatsAsync(
        CurrentTenant tenant, SmsStatsReader stats, CancellationToken cancellationToken)
    {
        var (month, recent) = await stats.ReadAsync(tenant.Id, tenant.Plan, RecentMessages, cancellationToken);
        return TypedResults.Ok(SmsStats.Of(month, recent));
    }

    private static ProblemHttpResult Refuse(SmsRefusal refusal, SmsMessage? message)
    {
        var more = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (refusal.ProviderCode is { } code)
        {
            more["providerCode"] = code;
        }

        if (message is not null)
        {
            more["messageId"] = message.Id;
        }

        if (refusal.Shortfall is { } shortfall)
        {
            more["balance"] = shortfall.Balance.ToDecimal();
            more["available"] = shortfall.Available.ToDecimal();
            more["required"] = shortfall.Required.ToDecimal();
            more["unit"] = shortfall.Required.Unit.ToCode();
        }

        return refusal.Kind switch
        {
            SmsRefusalKind.Invalid or SmsRefusalKind.RefusedByProvider =>
                Problems.Invalid(refusal.Code, refusal.Detail, more),
            SmsRefusalKind.NotAllowed => Problems.Forbidden(refusal.Code, refusal.Detail, more),
            SmsRefusalKind.Conflict => Problems.Conflict(refusal.Code, refusal.Detail, more),
            SmsRefusalKind.TooMany => Problems.TooMany(refusal.Code, refusal.Detail),
            SmsRefusalKind.Insufficient => Problems.PaymentRequired(refusal.Code, refusal.Detail, more),
            SmsRefusalKind.Unknown => Problems.Provider(refusal.Code, refusal.Detail, more),
            SmsRefusalKind.Unavailable => Problems.Unavailable(refusal.Code, refusal.Detail, more),
        };
    }
}
