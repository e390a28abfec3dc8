namespace BillingPortal.Pricing.Editor;

/// <summary>What staff wants of a package.</summary>
public enum PackageChangeKind
{
    /// <summary>Put it on sale: a new one, or one that was withdrawn.</summary>
    Add = 1,

    /// <summary>Another price from a moment on.</summary>
    Reprice,

    /// <summary>Stop selling it from a moment on.</summary>
    Withdraw,

    /// <summary>Take back what is scheduled for it last.</summary>
    Undo,
}

/// <summary>A change of a package. Not yet judged.</summary>
public sealed record PackageChange
{
    public required PackageChangeKind Kind { get; init; }

    /// <summary>Which package; follows from <see cref="Credits"/> where one is added.</summary>
    public string? Code { get; init; }

    /// <summary>How many credits a new package brings.</summary>
    public long? Credits { get; init; }

    public int? PriceCents { get; init; }

    /// <summary>Null: as soon as every process knows of it.</summary>
    public DateTimeOffset? From { get; init; }

    public string? CodeOrNew => Code ?? (Credits is { } credits ? $"credits-{credits}" : null);
}

/// <summary>A judged change: what happens to which rows, or why nothing does.</summary>
/// <param name="Line">The package as it is; null for one that never was.</param>
/// <param name="Remove">A row that has not begun and will not.</param>
/// <param name="SetEnd">A row whose end changes to <paramref name="End"/>.</param>
/// <param name="End">Null: it goes on.</param>
/// <param name="Insert">The new row.</param>
/// <param name="From">When it takes effect.</param>
/// <param name="Refusal">Null when it makes sense.</param>
public sealed record PackageVerdict(
    PackageLine? Line, CreditPackage? Remove, CreditPackage? SetEnd, DateTimeOffset? End, CreditPackage? Insert, DateTimeOffset From,
    string? Refusal)
{
    internal static PackageVerdict Refused(string refusal) => new(null, null, null, null, null, default, refusal);

    /// <summary>The board as it would be afterwards.</summary>
    public PackageBoard Apply(PackageBoard board) => PackageBoard.Of(
        board.Rows.Where(row => row.Id != Remove?.Id).Select(row => row.Id == SetEnd?.Id ? row with { ValidUntil = End } : row)
            .Concat(Insert is null ? [] : [Insert]),
        board.At);
}
