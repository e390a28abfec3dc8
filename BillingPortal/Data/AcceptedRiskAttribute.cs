namespace BillingPortal.Data;

/// <summary>
/// Marks a migration that does what the zero-downtime rule forbids (docs/operations/upgrade.md), with the reason why it is safe all the
/// same: the release before no longer uses the column, the table is known to be small.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AcceptedRiskAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
