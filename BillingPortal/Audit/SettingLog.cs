using BillingPortal.Data;

namespace BillingPortal.Audit;

/// <summary>
/// Writes down that a setting of a tenant was changed, by whoever acts, in the transaction of the change. What stays as it was leaves no
/// line.
/// </summary>
public static class SettingLog
{
    public static void RecordSetting(this UnitOfWork unit, TimeProvider clock, SettingChange change)
    {
        if (AuditLog.IsSame(change.Before, change.After))
        {
            return;
        }

        new AuditLog(clock).Record(unit, new AuditRecord(
            change.TenantId, change.By ?? Acting.Now, change.Action, change.Action[..change.Action.IndexOf('.', StringComparison.Ordinal)],
            change.SubjectId, change.Summary, change.Before, change.After));
    }
}

/// <summary>One change of a setting.</summary>
/// <param name="TenantId">Whose setting.</param>
/// <param name="Action">Dotted, the subject first: <c>card.removed</c>.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="Summary">One plain sentence.</param>
/// <param name="Before">A flat record of readable values; null where nothing was there.</param>
/// <param name="After">As before.</param>
/// <param name="By">Null: whoever acts.</param>
public sealed record SettingChange(
    Guid TenantId, string Action, string SubjectId, string Summary, object? Before, object? After, Actor? By = null);
