using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Data;

/// <summary>One key of ASP.NET Core's data protection, shared by every process: cookies outlive restarts.</summary>
internal sealed class DataProtectionKey
{
    public Guid Id { get; init; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Table <c>data_protection_keys</c>; no tenant, open to the operator's role alone.</summary>
internal sealed class DataProtectionKeyMap : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> key) => key.ToTable("data_protection_keys");
}
