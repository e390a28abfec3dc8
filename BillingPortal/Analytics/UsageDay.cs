using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Analytics;

/// <summary>
/// The lines of one account, UTC day, kind and service added up, once for all of them and once for each value of each dimension.
/// Derived: it can be thrown away and is then built anew from the books; nothing but reading rests on it.
/// </summary>
public sealed class UsageDay
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    /// <summary><c>all</c>, <c>number</c>, or <c>tag:</c> with the key.</summary>
    public required string Dimension { get; init; }

    /// <summary>The UTC day on which it happened.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The phone number or the tag's value; empty for <c>all</c>.</summary>
    public required string Value { get; init; }

    /// <summary>Empty for entries without one.</summary>
    public required string Service { get; init; }

    /// <summary>The entry's kind, or <c>reserved</c> for what is settled with its month.</summary>
    public required string Kind { get; init; }

    public long OutE4 { get; init; }

    public long InE4 { get; init; }

    /// <summary>Minutes, messages, pages …, as the service counts.</summary>
    public decimal Quantity { get; init; }

    /// <summary>How many lines took something.</summary>
    public long Uses { get; init; }
}

/// <summary>How far an account's entries are folded into days. Held locked while more are folded in.</summary>
public sealed class UsageDayMark
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    public long ThroughSeq { get; init; }
}

/// <summary>How far a month's reservation is folded into days, and up to which sum: another one says that it must be done anew.</summary>
public sealed class UsageHoldMark
{
    public required Guid TenantId { get; init; }

    public required Guid HoldId { get; init; }

    public DateTimeOffset ThroughAt { get; init; }

    public long FoldedE4 { get; init; }
}

/// <summary>A key of the metadata that a tenant's events came with.</summary>
public sealed class UsageTag
{
    public required Guid TenantId { get; init; }

    public required string Tag { get; init; }

    /// <summary>False for a key that is no tag but an id: every event has another value.</summary>
    public bool IsKept { get; init; }
}

/// <summary>Table <c>usage_days</c>. The key is the way of reading: one dimension of one account, a run of days.</summary>
internal sealed class UsageDayMap : IEntityTypeConfiguration<UsageDay>
{
    public void Configure(EntityTypeBuilder<UsageDay> day)
    {
        day.ToTable("usage_days", table => table.HasCheckConstraint(
            "ck_usage_days_figures", "out_e4 >= 0 AND in_e4 >= 0 AND quantity >= 0 AND uses >= 0"));
        day.HasKey(row => new { row.TenantId, row.Unit, row.Dimension, row.Day, row.Value, row.Service, row.Kind });
        day.HasCode(row => row.Unit);
    }
}

/// <summary>Table <c>usage_day_marks</c>.</summary>
internal sealed class UsageDayMarkMap : IEntityTypeConfiguration<UsageDayMark>
{
    public void Configure(EntityTypeBuilder<UsageDayMark> mark)
    {
        mark.ToTable("usage_day_marks");
        mark.HasKey(row => new { row.TenantId, row.Unit });
        mark.HasCode(row => row.Unit);
    }
}

/// <summary>Table <c>usage_hold_marks</c>.</summary>
internal sealed class UsageHoldMarkMap : IEntityTypeConfiguration<UsageHoldMark>
{
    public void Configure(EntityTypeBuilder<UsageHoldMark> mark)
    {
        mark.ToTable("usage_hold_marks");
        mark.HasKey(row => new { row.TenantId, row.HoldId });
    }
}

/// <summary>Table <c>usage_tags</c>.</summary>
internal sealed class UsageTagMap : IEntityTypeConfiguration<UsageTag>
{
    public void Configure(EntityTypeBuilder<UsageTag> tag)
    {
        tag.ToTable("usage_tags");
        tag.HasKey(row => new { row.TenantId, row.Tag });
    }
}
