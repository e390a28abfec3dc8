namespace BillingPortal.Pricing;

/// <summary>The credit packages that are on sale now, from the price book's memory.</summary>
public sealed class PackageReader(PriceBook prices, TimeProvider clock)
{
    /// <summary>Smallest first; empty when nothing is on sale.</summary>
    public async Task<IReadOnlyList<CreditPackage>> ListAsync(CancellationToken cancellationToken = default) =>
        (await prices.SnapshotAsync(cancellationToken)).PackagesAt(clock.GetUtcNow());

    /// <summary>By id or by code (<c>credits-250</c>); null when it is not on sale now.</summary>
    public async Task<CreditPackage?> FindAsync(string idOrCode, CancellationToken cancellationToken = default)
    {
        var packages = await ListAsync(cancellationToken);
        return Guid.TryParse(idOrCode, out var id)
            ? packages.FirstOrDefault(package => package.Id == id)
            : packages.FirstOrDefault(package => package.Code == idOrCode);
    }
}
