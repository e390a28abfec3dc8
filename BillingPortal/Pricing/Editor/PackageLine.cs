using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>All rows of one package as they were read at one moment: a new price is a new row of the same code.</summary>
/// <param name="Code">The public name; it follows from the number of credits.</param>
/// <param name="Rows">Newest first.</param>
/// <param name="At">When they were read.</param>
public sealed record PackageLine(string Code, IReadOnlyList<CreditPackage> Rows, DateTimeOffset At)
{
    public long Credits => Rows[0].Credits;

    /// <summary>Null: not on sale now.</summary>
    public CreditPackage? Now => Rows.FirstOrDefault(row => row.IsOnSaleAt(At));

    /// <summary>The newest row, whether it has begun or not.</summary>
    public CreditPackage Last => Rows[0];

    /// <summary>When it stops being sold; null when nothing of that kind is scheduled or it is over.</summary>
    public DateTimeOffset? WithdrawnAt => Last.ValidUntil is { } end && end > At ? end : null;

    /// <summary>The next one first.</summary>
    public IEnumerable<CreditPackage> Scheduled => Rows.Where(row => row.ValidFrom > At).Reverse();

    public IEnumerable<CreditPackage> Past => Rows.Where(row => row.ValidUntil <= At);

    /// <summary>True when it is on sale, or will be.</summary>
    public bool IsAlive => Last.ValidUntil is not { } end || end > At;
}

/// <summary>Every package there was, is and will be.</summary>
/// <param name="Lines">By number of credits.</param>
/// <param name="At">When they were read.</param>
public sealed record PackageBoard(IReadOnlyList<PackageLine> Lines, DateTimeOffset At)
{
    /// <summary>Changes with every change of any package: whoever saves says which board was looked at.</summary>
    public Guid Version => Ids.FromName(
    [
        "packages",
        .. Rows.OrderBy(row => row.Id)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id:N}{row.ValidUntil?.UtcTicks}")),
    ]);

    public IEnumerable<CreditPackage> Rows => Lines.SelectMany(line => line.Rows);

    public static PackageBoard Of(IEnumerable<CreditPackage> rows, DateTimeOffset at) => new(
        [.. rows.GroupBy(row => row.Code, StringComparer.Ordinal)
            .Select(group => new PackageLine(group.Key, [.. group.OrderByDescending(row => row.ValidFrom)], at))
            .OrderBy(line => line.Credits)],
        at);

    /// <summary>What is for sale then, smallest first.</summary>
    public IReadOnlyList<CreditPackage> OnSaleAt(DateTimeOffset at) =>
        [.. Rows.Where(row => row.IsOnSaleAt(at)).OrderBy(row => row.Credits)];

    public PackageLine? Find(string code) => Lines.FirstOrDefault(line => line.Code == code);
}
