using System.Reflection;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Components.Layout;

/// <summary>One entry of the navigation. An entry whose page does not exist is not shown.</summary>
public sealed record NavigationItem(string Href, string Text, string ShortText, string Icon)
{
    private const string ForLeads = "/staff/team";

    // Of use to some tenants only.
    private static readonly HashSet<string> ByRule = new(["/invoices", "/api-keys"], StringComparer.Ordinal);

    // What people on the phone came for; the rest stands behind "More" there.
    private static readonly HashSet<string> First =
        new(["/", "/buy", "/transactions", "/sms", "/staff"], StringComparer.Ordinal);

    private static readonly HashSet<string> Routes = typeof(NavigationItem).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template)
        .ToHashSet(StringComparer.Ordinal);

    private static readonly NavigationItem[] ForTenants = Existing(
    [
        new("/", "Overview", "Overview", "overview"),
        new("/buy", "Buy credits", "Buy", "buy"),
        new("/cards", "Saved cards", "Cards", "card"),
        new("/auto-recharge", "Auto-recharge", "Recharge", "recharge"),
        new("/transactions", "Transactions", "History", "list"),
        new("/wallet", "Wallet & statements", "Wallet", "wallet") { Also = "/statements" },
        new("/invoices", "Invoices", "Invoices", "document"),
        new("/sms", "SMS", "SMS", "message"),
        new("/numbers", "Phone numbers", "Numbers", "phone"),
        new("/voice", "Voice", "Voice", "call"),
        new("/analytics", "Usage and spend", "Usage", "chart"),
        new("/notifications", "Notifications", "Notices", "bell"),
        new("/api-keys", "API keys", "Keys", "lock"),
        new("/webhooks", "Webhooks", "Webhooks", "bolt"),
        new("/team", "Team", "Team", "person"),
    ]);

    private static readonly NavigationItem[] ForStaff = Existing(
    [
        new("/staff", "Support desk", "Desk", "desk"),
        new("/staff/metrics", "Payments", "Payments", "recharge"),
        new("/staff/prices", "Prices", "Prices", "buy"),
        new("/staff/packages", "Packages", "Packages", "wallet"),
        new("/staff/cohorts", "Cohorts", "Cohorts", "chart"),
        new("/staff/approvals", "Approvals", "Approvals", "check"),
        new("/staff/webhooks", "Webhooks", "Webhooks", "bolt"),
        new("/staff/emails", "Emails", "Emails", "mail"),
        new("/staff/jobs", "Jobs", "Jobs", "clock"),
        new("/staff/single-sign-on", "Sign-in domains", "Domains", "shield"),
        new("/staff/audit", "Audit log", "Audit", "list"),
        new(ForLeads, "Staff", "Staff", "person"),
    ]);

    /// <summary>A second page that it stands for.</summary>
    public string? Also { get; private init; }

    /// <summary>True where it stands in the bottom bar of a narrow screen.</summary>
    public bool IsFirst => First.Contains(Href);

    /// <param name="tenant">Whose bar.</param>
    /// <param name="shown">The addresses that an <see cref="INavigationRule"/> allows this tenant.</param>
    internal static IReadOnlyList<NavigationItem> For(CurrentTenant tenant, IReadOnlySet<string>? shown = null) =>
        tenant.StaffRole is { } role ? [.. ForStaff.Where(item => item.Href != ForLeads || role is StaffRole.Lead)]
            : tenant.IsPresent ? [.. ForTenants.Where(item => !ByRule.Contains(item.Href) || shown?.Contains(item.Href) == true)] : [];

    /// <summary>True when this build has a page at that address.</summary>
    internal static bool HasPage(string address) => Routes.Contains(address);

    private static NavigationItem[] Existing(NavigationItem[] items) =>
        [.. items.Where(item => Routes.Contains(item.Href))];
}
