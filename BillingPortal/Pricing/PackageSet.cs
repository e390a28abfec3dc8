namespace BillingPortal.Pricing;

/// <summary>Packages bought together: which, how often, what they bring and what they cost.</summary>
public sealed record PackageSet(IReadOnlyList<PackageCount> Items, long Credits, long PriceCents);

/// <summary>One package of a set and how often it is in it.</summary>
public sealed record PackageCount(CreditPackage Package, long Count);

/// <summary>A purchase of no package: whole credits for a price that follows from a package's unit price.</summary>
public sealed record CustomPurchase(long Credits, int PriceCents, CreditPackage PricedBy);
