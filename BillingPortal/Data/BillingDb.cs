using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Data;

/// <summary>
/// The one EF Core context. It knows no room: every <c>*Map</c> of this assembly is found by scan, names become snake_case.
/// Opened only through <see cref="Database"/>, which sets the role and the tenant that row-level security looks at.
/// </summary>
public sealed class BillingDb(DbContextOptions<BillingDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(BillingDb).Assembly);
        SnakeCase.Apply(modelBuilder);
    }
}
