namespace BillingPortal.Pricing.Editor;

/// <summary>What became of a change that staff asked for. Everything but <see cref="Saved"/> changed nothing.</summary>
public enum EditOutcome
{
    Saved = 1,

    /// <summary>The request makes no sense; the detail says why and what would.</summary>
    Refused,

    /// <summary>Somebody else was faster: look again before deciding.</summary>
    ChangedSince,
}

/// <summary>An outcome with its words for people.</summary>
public sealed record EditResult(EditOutcome Outcome, string Detail)
{
    public static EditResult ChangedSince { get; } = new(
        EditOutcome.ChangedSince,
        "Somebody changed this since you looked, so nothing was saved. The page shows it as it is now: "
        + "look again and repeat your change if it is still right.");

    public bool IsSaved => Outcome is EditOutcome.Saved;

    public static EditResult Saved(string detail) => new(EditOutcome.Saved, detail);

    public static EditResult Refused(string detail) => new(EditOutcome.Refused, detail);
}
