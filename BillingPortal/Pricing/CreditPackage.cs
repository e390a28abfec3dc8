using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Pricing;

/// <summary>An amount of credits for sale at a fixed price. Immutable outside: a new price is a new row, from a date on.</summary>
/// <param name="Id">Stable; purchases refer to it.</param>
/// <param name="Code">The public name, for example <c>credits-250</c>.</param>
/// <param name="Credits">Whole credits.</param>
/// <param name="PriceCents">US cents.</param>
public sealed record CreditPackage(Guid Id, string Code, long Credits, int PriceCents)
{
    public DateTimeOffset ValidFrom { get; init; }

    /// <summary>Null: on sale until withdrawn.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>What one credit costs, in cents: for showing and comparing, never for charging.</summary>
    public decimal CentsPerCredit => (decimal)PriceCents / Credits;

    public bool IsOnSaleAt(DateTimeOffset at) => ValidFrom <= at && (ValidUntil is null || at < ValidUntil);
}

/// <summary>Table <c>credit_packages</c>, seeded with the packages that a new installation starts with.</summary>
internal sealed class CreditPackageMap : IEntityTypeConfiguration<CreditPackage>
{
    public void Configure(EntityTypeBuilder<CreditPackage> package)
    {
        package.ToTable("credit_packages", options =>
        {
            options.HasCheckConstraint("ck_credit_packages_credits", "credits BETWEEN 1 AND 1000000");
            options.HasCheckConstraint("ck_credit_packages_price", "price_cents BETWEEN 1 AND 1000000");
            options.HasCheckConstraint("ck_credit_packages_span", "valid_until > valid_from");
        });
        package.Ignore(row => row.CentsPerCredit);
        package.HasIndex(row => new { row.Code, row.ValidFrom }).IsUnique();
        package.HasIndex(row => row.Code).IsUnique().HasFilter("valid_until IS NULL").HasDatabaseName("ux_credit_packages_open");
        package.HasData(
            Seed(50, 150), Seed(100, 280), Seed(250, 650), Seed(500, 1200), Seed(1000, 2200), Seed(2500, 5000));
    }

    private static CreditPackage Seed(long credits, int priceCents)
    {
        var code = $"credits-{credits}";
        return new CreditPackage(Ids.FromName("package", code), code, credits, priceCents) { ValidFrom = PriceMap.Always };
    }
}
