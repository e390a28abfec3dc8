namespace BillingPortal.Ledger;

/// <summary>What can be said to a tenant about its books. Pure.</summary>
/// <param name="ProvenAt">The last audit without a violation in these books; null for none.</param>
/// <param name="LastAt">The last audit of all; null for none.</param>
public sealed record AuditState(AuditVerdict Verdict, DateTimeOffset? ProvenAt, DateTimeOffset? LastAt)
{
    // The audit runs every hour (Schedule): two in a row are missing.
    private static readonly TimeSpan OldAfter = TimeSpan.FromHours(3);

    public static AuditState Never { get; } = new(AuditVerdict.Never, null, null);

    public static AuditState Of(DateTimeOffset? provenAt, DateTimeOffset lastAt, bool hasFinding, DateTimeOffset now) => new(
        hasFinding ? AuditVerdict.Finding
            : now - lastAt > OldAfter ? AuditVerdict.Old
            : AuditVerdict.Proven,
        provenAt, lastAt);
}

/// <summary>The last audit's word about one tenant's books.</summary>
public enum AuditVerdict
{
    Proven = 1,

    /// <summary>Clean, but longer ago than it should be.</summary>
    Old,

    /// <summary>The last audit found something in these books.</summary>
    Finding,
    Never,
}
