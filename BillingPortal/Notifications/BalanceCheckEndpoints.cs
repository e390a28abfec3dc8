using BillingPortal.Alerts;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Notifications;

/// <summary>How the balance stands, over HTTP; and the settings by which people are told.</summary>
internal static class BalanceCheckEndpoints
{
    private const string Path = "/api/notifications/balance-check";
    private const string Tag = "Notifications";

    public static IEndpointRouteBuilder MapBalanceCheck(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ReadAsync).RequireAuthorization(Policies.TenantRead).WithTags(Tag)
            .WithSummary("Alert level, what to do about it, upcoming phone rent and the last notification")
            .WithExample("How it stands", BalanceCheckExamples.Standing);
        routes.MapPost(Path, SaveAsync).RequireAuthorization(Policies.TenantBilling).WithTags(Tag)
            .WithSummary("Changes threshold, email on or off, and the address; what is left out stays as it is")
            .WithExample("Change all", BalanceCheckExamples.Saved, BalanceCheckExamples.Save).WithProblems("invalid_notification_settings");
        return routes;
    }

    private static async Task<Ok<BalanceCheckAnswer>> ReadAsync(
        CurrentTenant tenant, BalanceCheck check, CancellationToken cancellationToken) =>
        TypedResults.Ok(BalanceCheckAnswer.Of(await check.ReadAsync(tenant.Id, tenant.Plan, cancellationToken)));

    private static async Task<Results<Ok<BalanceCheckAnswer>, ProblemHttpResult>> SaveAsync(
        SaveBalanceCheck request, CurrentTenant tenant, BalanceCheck check, CancellationToken cancellationToken)
    {
        var change = new MailChange
        {
            EmailEnabled = request.EmailNotifications,
            OverrideAddress = request.NotificationEmail,
        };
        var problem = await check.SaveAsync(
            tenant.Id, tenant.Plan, request.Threshold, change, tenant.UserId, cancellationToken);
        return problem is null
            ? TypedResults.Ok(BalanceCheckAnswer.Of(await check.ReadAsync(tenant.Id, tenant.Plan, cancellationToken)))
            : Problems.Invalid("invalid_notification_settings", problem);
    }
}

/// <summary>What to change; null leaves as it is, an empty address writes to the roles again.</summary>
internal sealed record SaveBalanceCheck(decimal? Threshold, bool? EmailNotifications, string? NotificationEmail);

/// <summary>The answer of <c>/api/notifications/balance-check</c>, to the letter: scripts rely on it.</summary>
/// <param name="Threshold">In the unit of the tenant's plan, like all amounts here.</param>
/// <param name="AlertLevel"><c>good</c>, <c>low</c>, <c>warning</c> or <c>critical</c>, as in <c>GET /api/credits</c>.</param>
internal sealed record BalanceCheckAnswer(
    decimal Balance, decimal Threshold, string AlertLevel, string Message, IReadOnlyList<string> Recommendations,
    BalanceCheckAnswer.Costs UpcomingCosts, BalanceCheckAnswer.Mail Notifications)
{
    public static BalanceCheckAnswer Of(BalanceStanding standing) => new(
        standing.Alert.Balance.Posted.ToDecimal(), standing.Alert.Threshold.ToDecimal(),
        standing.Alert.Level.ToCode(), standing.Message, standing.Recommendations,
        new Costs(standing.RentMonth.ToDecimal()),
        new Mail(standing.Preferences.EmailEnabled, standing.LastMailAt));

    /// <summary>Phone rent due within 30 days.</summary>
    internal sealed record Costs(decimal PhoneNumbers);

    /// <summary>Whether mails go out, and when the last one about the balance did.</summary>
    internal sealed record Mail(bool EmailEnabled, DateTimeOffset? LastNotificationSent);
}
