using System.Globalization;
using System.Text;

namespace BillingPortal.Processes.Restore;

/// <summary>How long the load runs between the steps, how many call at once, how soon the log is archived.</summary>
public sealed record DrillOptions(int Seconds = 5, int Callers = 8, int ArchiveSeconds = 5);

/// <summary>What a drill found. It was good when nothing that had to be there is missing.</summary>
/// <param name="Acknowledged">Postings that customers were told of before the disaster.</param>
/// <param name="Archived">Of these, told before the log was last known to be archived.</param>
/// <param name="ArchivedLost">Of these, missing afterwards: has to be none.</param>
/// <param name="TailLost">Told after that, and missing: what the recovery point costs.</param>
/// <param name="RecoveryPoint">From the last posting that survived to the disaster.</param>
/// <param name="Restored">From the disaster to the database that takes writes again.</param>
/// <param name="RecoveryTime">From the disaster to the portal that is ready.</param>
/// <param name="PointMissing">Of what was told before the moment that was restored to: has to be none.</param>
/// <param name="PointBeyond">Postings from after that moment: has to be none.</param>
/// <param name="DumpMissing">Of what was told before the dump began: has to be none.</param>
/// <param name="Charged">Cards charged at Stripe.</param>
/// <param name="Unsettled">Charged, and their purchases recorded but not settled after the reconciliation: has to be none.</param>
/// <param name="Orphans">Charged, and their purchases fell into the lost tail: a person decides (docs/operations/backup.md).</param>
/// <param name="Unexplained">Of these, recorded before the log was last known to be archived: has to be none.</param>
/// <param name="RightsDiffer">Which restored databases have other roles, owners, grants, functions or policies: has to be none.</param>
public sealed record DrillReport(
    int Acknowledged, int Archived, int ArchivedLost, int TailLost, TimeSpan RecoveryPoint, TimeSpan Restored, TimeSpan RecoveryTime,
    int PointMissing, long PointBeyond, int DumpMissing, int Charged, int Unsettled, int Orphans, int Unexplained,
    IReadOnlyList<string> RightsDiffer)
{
    public bool IsGood => ArchivedLost + PointMissing + PointBeyond + DumpMissing + Unsettled + Unexplained + RightsDiffer.Count == 0;

    /// <summary>As a markdown table.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("| restore drill | |\n| --- | --- |\n");
        void Row(string name, FormattableString value) => text.AppendLine(
            CultureInfo.InvariantCulture, $"| {name} | {value.ToString(CultureInfo.InvariantCulture)} |");
        Row("postings acknowledged before the disk was lost", $"{Acknowledged:N0}");
        Row("acknowledged before the last archived log, missing", $"{ArchivedLost} of {Archived:N0}");
        Row("acknowledged after it, missing", $"{TailLost:N0}");
        Row("recovery point: last posting that survived", $"{RecoveryPoint.TotalSeconds:0.0} s before the loss");
        Row("recovery time: database takes writes", $"{Restored.TotalSeconds:0.0} s");
        Row("recovery time: portal ready", $"{RecoveryTime.TotalSeconds:0.0} s");
        Row("to a moment: missing from before it, found from after it", $"{PointMissing}, {PointBeyond}");
        Row("from pg_dump: missing from before it began", $"{DumpMissing}");
        Row("cards charged; recorded and not settled after reconciling", $"{Charged}; {Unsettled}");
        Row("charged, their purchase in the lost tail: for a person", $"{Orphans}");
        var rights = RightsDiffer.Count == 0 ? "the same in all three" : $"differ in {string.Join(", ", RightsDiffer)}";
        Row("roles, owners, grants, functions and policies", $"{rights}");
        Row("books, proven in full", $"clean in all three");
        return text.Append(IsGood ? "\nThe drill was good." : "\nTHE DRILL FAILED.").ToString();
    }
}
