using BillingPortal.Tenants;

namespace BillingPortal.Web.Description;

/// <summary>Who may call, in words, and which secret a program sends for it.</summary>
internal static class ApiCallers
{
    private static readonly Dictionary<string, string> Needs = new(StringComparer.Ordinal)
    {
        [Policies.TenantRead] = "Any member, or a key with the scope `read`.",
        [Policies.TenantBilling] = "Owner or billing admin, or a key with the scope `billing`.",
        [Policies.TenantUsage] = "Owner or billing admin, or a key with the scope `usage`.",
        [Policies.TenantOwner] = "Owner, signed in.",
        [Policies.Staff] = "Support staff, signed in.",
        [Policies.StaffLead] = "Support lead, signed in.",
        [Policies.MonthlyBilling] =
            "Any member, or a key with the scope `read`; staff and bearer `BILLING_CRON_TOKEN` get the totals of all tenants.",
        [Policies.Cron] = "Bearer `CRON_SECRET`.",
        [Policies.BillingCron] = "Bearer `BILLING_CRON_TOKEN`.",
    };

    public static string? Describe(string? description, string? policy) =>
        policy is null || !Needs.TryGetValue(policy, out var needs) ? description
        : description is { Length: > 0 } text ? $"{text}\n\n{needs}"
        : needs;

    /// <summary>The variable that holds it; null where nobody needs one.</summary>
    public static string? SecretOf(string? policy) => policy switch
    {
        null => null,
        Policies.Cron => "CRON_SECRET",
        Policies.BillingCron => "BILLING_CRON_TOKEN",
        _ => "API_KEY",
    };
}
