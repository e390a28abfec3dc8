using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace BillingPortal.Data;

/// <summary>Gives <c>dotnet ef</c> the model without starting the portal or a database.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<BillingDb>
{
    public BillingDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<BillingDb>().UseNpgsql("Host=localhost;Database=design").Options);
}
