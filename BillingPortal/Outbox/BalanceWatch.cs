using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Outbox;

/// <summary>Some process has a page of this tenant open, until the time given (on the database's clock).</summary>
internal sealed class BalanceWatch
{
    public Guid TenantId { get; init; }

    /// <summary>The process.</summary>
    public Guid Node { get; init; }

    public DateTimeOffset Until { get; init; }
}

/// <summary>Table <c>balance_watches</c>; the operator's role alone reads and writes it.</summary>
internal sealed class BalanceWatchMap : IEntityTypeConfiguration<BalanceWatch>
{
    public void Configure(EntityTypeBuilder<BalanceWatch> watch)
    {
        watch.ToTable("balance_watches");
        watch.HasKey(w => new { w.TenantId, w.Node });
    }
}
