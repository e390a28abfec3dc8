using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Ledger;

/// <summary>
/// The entries of one account, local day, kind and service added up, with the range of numbers in which they stand.
/// Derived: it can be thrown away and is then built anew from the entries; nothing rests on it but reading.
/// </summary>
public sealed class EntryDay
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>The day on which the entries' causes occurred, in the tenant's time zone.</summary>
    public required DateOnly Day { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>Empty for entries without a service.</summary>
    public required string Service { get; init; }

    public long InE4 { get; init; }

    /// <summary>What went out, as a positive number.</summary>
    public long OutE4 { get; init; }

    public long Entries { get; init; }

    public long FirstSeq { get; init; }

    public long LastSeq { get; init; }
}

/// <summary>How far an account's entries are folded into days. Held locked while more are folded in.</summary>
public sealed class EntryDayMark
{
    public required Guid TenantId { get; init; }

    public required Unit Unit { get; init; }

    /// <summary>The zone whose days these are; another one means: start over.</summary>
    public required string TimeZone { get; init; }

    public long ThroughSeq { get; init; }
}

/// <summary>Table <c>entry_days</c>.</summary>
internal sealed class EntryDayMap : IEntityTypeConfiguration<EntryDay>
{
    public void Configure(EntityTypeBuilder<EntryDay> day)
    {
        day.ToTable("entry_days", table => table.HasCheckConstraint(
            "ck_entry_days_figures",
            "in_e4 >= 0 AND out_e4 >= 0 AND entries > 0 AND first_seq > 0 AND last_seq - first_seq + 1 >= entries"));
        day.HasKey(row => new { row.TenantId, row.Unit, row.Day, row.Kind, row.Service });
        day.HasCode(row => row.Unit);
        day.HasCode(row => row.Kind);
    }
}

/// <summary>Table <c>entry_day_marks</c>.</summary>
internal sealed class EntryDayMarkMap : IEntityTypeConfiguration<EntryDayMark>
{
    public void Configure(EntityTypeBuilder<EntryDayMark> mark)
    {
        mark.ToTable("entry_day_marks");
        mark.HasKey(row => new { row.TenantId, row.Unit });
        mark.HasCode(row => row.Unit);
    }
}
