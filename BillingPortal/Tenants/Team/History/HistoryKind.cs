namespace BillingPortal.Tenants.Team.History;

/// <summary>A part of an account, as the filter of its history names it.</summary>
/// <param name="Code">In the address.</param>
/// <param name="Name">For people.</param>
/// <param name="Subjects">Types of subjects in the log.</param>
public sealed record HistoryKind(string Code, string Name, IReadOnlyList<string> Subjects)
{
    public static IReadOnlyList<HistoryKind> All { get; } =
    [
        new("team", "Team and single sign-on", ["member", "invitation", "sso", "sso_domain"]),
        new("people", "People's sign-ins", ["user"]),
        new("keys", "API keys and webhooks", ["api_key", "webhook_endpoint"]),
        new("payment", "Cards and auto-recharge", ["card", "cards", "auto_recharge", "purchase"]),
        new("messages", "Messages and phone numbers", ["sms_settings", "opt_out", "number"]),
        new("notices", "Notifications and budgets", ["mail_settings", "mail_address", "alert_threshold", "budget"]),
        new("plan", "Plan, prices and invoices", ["plan", "settlement_mode", "own_price", "invoice", "invoice_terms"]),
        new("support", "Support", ["tenant", "view", "staff_action"]),
    ];

    /// <summary>Null for anything that is no code.</summary>
    public static HistoryKind? Of(string? code) => All.FirstOrDefault(kind => kind.Code == code);
}
