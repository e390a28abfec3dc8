using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Alerts;

/// <summary>Why an address is not written to.</summary>
public enum FlagReason
{
    /// <summary>There is no such mailbox, for good.</summary>
    Bounced,

    /// <summary>Its owner called a mail of ours spam.</summary>
    Complained,

    /// <summary>The provider refuses to write to it.</summary>
    Suppressed,
}

/// <summary>
/// An address of a tenant that mail does not reach. It is not written to until a person clears the flag or changes the
/// address. Holds at every commit: flagged exactly while it has no time of clearing.
/// </summary>
public sealed class FlaggedAddress
{
    public Guid TenantId { get; init; }

    /// <summary>As <see cref="MailAddresses.Normalize"/> spells it.</summary>
    public required string Address { get; init; }

    public FlagReason Reason { get; set; }

    /// <summary>The other side's own words.</summary>
    public string? Detail { get; set; }

    public DateTimeOffset FlaggedAt { get; set; }

    public DateTimeOffset? ClearedAt { get; set; }

    public Guid? ClearedBy { get; set; }
}

/// <summary>Table <c>flagged_addresses</c>.</summary>
internal sealed class FlaggedAddressMap : IEntityTypeConfiguration<FlaggedAddress>
{
    public void Configure(EntityTypeBuilder<FlaggedAddress> flag)
    {
        flag.ToTable("flagged_addresses", table => table.HasCheckConstraint(
            "ck_flagged_addresses_spelling", "address = lower(address)"));
        flag.HasKey(f => new { f.TenantId, f.Address });
        flag.HasCode(f => f.Reason);
    }
}
