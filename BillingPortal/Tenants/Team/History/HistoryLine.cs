using BillingPortal.Audit;

namespace BillingPortal.Tenants.Team.History;

/// <summary>
/// A line of the log as the account's own people may read it. The portal's staff are "Support (portal)"; of what they did stands the
/// fact, and no note of theirs. Pure.
/// </summary>
public sealed record HistoryLine(
    Guid Id, DateTimeOffset At, string Who, string What, IReadOnlyList<AuditDifference> Differences)
{
    public const string Support = "Support (portal)";

    public static HistoryLine Of(AuditLine line) => line.ActorKind is ActorKind.Staff
        ? new HistoryLine(line.Id, line.At, Support, SupportWords(line), IsOpen(line) ? AuditDifferences.Of(line.Before, line.After) : [])
        : new HistoryLine(line.Id, line.At, line.ActorName, line.Summary, IsOpen(line) ? AuditDifferences.Of(line.Before, line.After) : []);

    // What a staff's request carries beside its figures are notes of theirs.
    private static bool IsOpen(AuditLine line) =>
        line.ActorKind is not ActorKind.Staff && line.SubjectType is not ("staff_action" or "purchase" or "view")
        || line.SubjectType is "invoice_terms" or "own_price" || IsSetting(line);

    // Settings have the same sides whoever changes them.
    private static bool IsSetting(AuditLine line) => line.SubjectType is "member" or "invitation" or "auto_recharge" or "card" or "cards"
        or "plan" or "settlement_mode" or "sms_settings" or "opt_out" or "number" or "mail_settings" or "mail_address" or "alert_threshold";

    private static string SupportWords(AuditLine line) => line.Action switch
    {
        "tenant.opened" => "Looked at this account.",
        "tenant.viewed" => "Looked at the portal as you see it. Nothing can be changed that way.",
        "tenant.view_ended" => "Stopped looking at the portal.",
        "adjustment.done" or "adjustment.approved" => "Made an adjustment. It stands in the transactions.",
        "adjustment.requested" => "Prepared an adjustment.",
        "refund.done" or "refund.approved" => "Made a refund. It stands in the transactions.",
        "refund.requested" => "Prepared a refund.",
        _ when line.Action.StartsWith("adjustment.", StringComparison.Ordinal) => "Dropped an adjustment; nothing was booked.",
        _ when line.Action.StartsWith("refund.", StringComparison.Ordinal) => "Dropped a refund; nothing was paid back.",
        _ when IsOpen(line) => line.Summary,
        _ when line.SubjectType is "invoice" => "Worked on an invoice. It stands under Invoices.",
        _ => "Worked on this account.",
    };
}
