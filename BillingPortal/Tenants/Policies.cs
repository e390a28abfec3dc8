using System.Net;
using System.Security.Claims;
using BillingPortal.Tenants.Viewing;
using Microsoft.AspNetCore.Authorization;

namespace BillingPortal.Tenants;

/// <summary>
/// Who may enter where. Every endpoint and every page names one of these, or allows anonymous callers.
/// </summary>
public static class Policies
{
    /// <summary>Any member; API scope <c>read</c>.</summary>
    public const string TenantRead = "tenant-read";

    /// <summary>Owner and billing admin; API scope <c>billing</c>.</summary>
    public const string TenantBilling = "tenant-billing";

    /// <summary>Owner and billing admin; API scope <c>usage</c>.</summary>
    public const string TenantUsage = "tenant-usage";

    /// <summary>Owner, signed in; no API key.</summary>
    public const string TenantOwner = "tenant-owner";

    /// <summary>Any member or API scope <c>read</c> for their own tenant; staff and bearer <c>Billing:CronToken</c> for all.</summary>
    public const string MonthlyBilling = "monthly-billing";

    /// <summary>Any person who is signed in, of a tenant or of the staff, as themselves: not while staff looks at a tenant; no
    /// API key.</summary>
    public const string Person = "person";

    /// <summary>Any person, also staff that looks at a tenant: what stands before every page's own policy.</summary>
    public const string Browser = "browser";

    /// <summary>Staff, also while it looks at a tenant: the way back to the desk.</summary>
    public const string Viewing = "viewing";

    /// <summary>Support agent or lead.</summary>
    public const string Staff = "staff";

    /// <summary>Support lead.</summary>
    public const string StaffLead = "staff-lead";

    /// <summary>Bearer <c>Cron:Secret</c>.</summary>
    public const string Cron = "cron";

    /// <summary>Bearer <c>Billing:CronToken</c>.</summary>
    public const string BillingCron = "billing-cron";

    /// <summary>Bearer <c>Metrics:Token</c>; in Development without one, whoever sits at this machine.</summary>
    public const string Metrics = "metrics";

    internal static void AddTo(AuthorizationBuilder builder)
    {
        builder.AddPolicy(TenantRead, policy => policy.RequireAssertion(
            context => IsMember(context.User) || Has(context.User, ApiScopes.Read)));
        builder.AddPolicy(TenantBilling, policy => policy.RequireAssertion(
            context => MayPay(context.User) || Has(context.User, ApiScopes.Billing)));
        builder.AddPolicy(TenantUsage, policy => policy.RequireAssertion(
            context => MayPay(context.User) || Has(context.User, ApiScopes.Usage)));
        builder.AddPolicy(TenantOwner, policy => policy.RequireAssertion(
            context => SessionClaims.RoleOf(context.User) is MemberRole.Owner));
        builder.AddPolicy(Browser, policy => policy.RequireClaim(ClaimTypes.NameIdentifier));
        builder.AddPolicy(Person, policy => policy.RequireClaim(ClaimTypes.NameIdentifier).RequireAssertion(
            context => TenantView.Of(context.User) is null && !IsGuestAtOwnAccount(context)));
        builder.AddPolicy(Viewing, policy => policy.RequireAssertion(
            context => TenantView.Of(context.User) is not null || SessionClaims.StaffRoleOf(context.User) is not null));
        builder.AddPolicy(Staff, policy => policy.RequireAssertion(
            context => SessionClaims.StaffRoleOf(context.User) is not null));
        builder.AddPolicy(StaffLead, policy => policy.RequireAssertion(
            context => SessionClaims.StaffRoleOf(context.User) is StaffRole.Lead));
        builder.AddPolicy(MonthlyBilling, policy => policy.RequireAssertion(
            context => IsMember(context.User) || Has(context.User, ApiScopes.Read)
                || SessionClaims.StaffRoleOf(context.User) is not null
                || context.User.HasClaim(SessionClaims.Cron, BillingCron)));
        builder.AddPolicy(Cron, policy => policy.RequireClaim(SessionClaims.Cron, Cron));
        builder.AddPolicy(BillingCron, policy => policy.RequireClaim(SessionClaims.Cron, BillingCron));
        builder.AddPolicy(Metrics, policy => policy.RequireAssertion(
            context => context.User.HasClaim(SessionClaims.Cron, Metrics) || IsDeveloperHere(context)));
        builder.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    // A session by single sign-on is good for one tenant: with the person's own credentials and other tenants it has nothing to do.
    private static bool IsGuestAtOwnAccount(AuthorizationHandlerContext context) =>
        context.User.HasClaim(claim => claim.Type == SessionClaims.SingleSignOn) && context.Resource is HttpContext http
        && http.Request.Path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/account/renew", StringComparison.OrdinalIgnoreCase);

    private static bool IsDeveloperHere(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext { Connection.RemoteIpAddress: { } address } http && IPAddress.IsLoopback(address)
        && http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
        && string.IsNullOrEmpty(http.RequestServices.GetRequiredService<IConfiguration>()["Metrics:Token"]);

    private static bool IsMember(ClaimsPrincipal user) => SessionClaims.RoleOf(user) is not null;

    private static bool MayPay(ClaimsPrincipal user) =>
        SessionClaims.RoleOf(user) is MemberRole.Owner or MemberRole.BillingAdmin;

    private static bool Has(ClaimsPrincipal user, ApiScopes scope) => SessionClaims.ScopesOf(user).HasFlag(scope);
}
