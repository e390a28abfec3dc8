using System.Globalization;
using BillingPortal.Kernel;

namespace BillingPortal.Pricing.Editor;

/// <summary>Which price: of a service on a plan, the general one or one tenant's own.</summary>
public sealed record PriceKey(Unit Plan, string Service, Guid? TenantId = null)
{
    /// <summary>Under which name changes of it stand in the audit log.</summary>
    public string Subject => $"{Plan.ToCode()}/{Service}";

    /// <summary>Changes of one price queue up under this name.</summary>
    internal string LockName => $"price:{TenantId}:{Subject}";
}

/// <summary>All rows of one price as they were read at one moment: what was, what is, what is to come.</summary>
/// <param name="Key">Which price.</param>
/// <param name="Rows">Newest first.</param>
/// <param name="At">When they were read.</param>
public sealed record PriceLine(PriceKey Key, IReadOnlyList<PriceRow> Rows, DateTimeOffset At)
{
    /// <summary>Null: none is in force.</summary>
    public PriceRow? Now => InForceAt(At);

    /// <summary>The next one first.</summary>
    public IEnumerable<PriceRow> Scheduled => Rows.Where(row => row.ValidFrom > At).Reverse();

    /// <summary>What is over or was replaced, newest first.</summary>
    public IEnumerable<PriceRow> Past => Rows.Where(row => row.ValidFrom <= At && row != Now);

    /// <summary>
    /// Changes with every change of the rows that are not over: whoever saves says which one was looked at.
    /// </summary>
    public Guid Version => Ids.FromName(
    [
        "price-line",
        .. Rows.Where(row => row.ValidUntil is null || row.ValidUntil > At).OrderBy(row => row.Id)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id:N}{row.ValidUntil?.UtcTicks}")),
    ]);

    public PriceRow? InForceAt(DateTimeOffset at) => Rows.FirstOrDefault(row => row.IsInForceAt(at));
}
