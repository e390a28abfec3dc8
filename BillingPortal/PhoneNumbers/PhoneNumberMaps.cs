using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.PhoneNumbers;

/// <summary>Table <c>phone_numbers</c>: a number in use stands in it once, whoever's it is.</summary>
internal sealed class PhoneNumberMap : IEntityTypeConfiguration<PhoneNumber>
{
    public void Configure(EntityTypeBuilder<PhoneNumber> number)
    {
        number.ToTable("phone_numbers", table =>
        {
            table.HasCheckConstraint("ck_phone_numbers_number", "number ~ '^\\+[1-9][0-9]{6,14}$'");
            table.HasCheckConstraint("ck_phone_numbers_monthly_cost", "monthly_cost_e4 >= 0");
            table.HasCheckConstraint(
                "ck_phone_numbers_bought",
                "state NOT IN ('active', 'suspended') OR (provider_sid IS NOT NULL AND acquired_at IS NOT NULL "
                + "AND next_billing_date IS NOT NULL AND anchor_day BETWEEN 1 AND 31)");
            table.HasCheckConstraint("ck_phone_numbers_set_up", "set_up_e4 >= 0");
            table.HasCheckConstraint("ck_phone_numbers_asked", "(state IN ('buying', 'releasing')) = (asked_at IS NOT NULL)");
            table.HasCheckConstraint("ck_phone_numbers_grace", "grace_until IS NULL OR state = 'active'");
            table.HasCheckConstraint("ck_phone_numbers_suspended", "(state = 'suspended') = (suspended_at IS NOT NULL)");
        });
        number.Property(row => row.Id).ValueGeneratedNever();
        number.HasCode(row => row.State);
        number.HasCode(row => row.Unit);
        number.HasIndex(row => row.Number).IsUnique().HasFilter("state NOT IN ('released', 'not_bought')")
            .HasDatabaseName("ux_phone_numbers_in_use");
        number.HasIndex(row => new { row.TenantId, row.CreatedAt });
        number.HasIndex(row => new { row.TenantId, row.AttemptKey }).IsUnique().HasFilter("attempt_key IS NOT NULL")
            .HasDatabaseName("ux_phone_numbers_attempt");
        number.HasIndex(row => new { row.AskedAt, row.Id }).HasFilter("asked_at IS NOT NULL")
            .HasDatabaseName("ix_phone_numbers_asked");
        number.HasIndex(row => new { row.NextBillingDate, row.TenantId, row.Id }).HasFilter("state = 'active'")
            .HasDatabaseName("ix_phone_numbers_due");
        number.HasIndex(row => new { row.NextRetryAt, row.TenantId, row.Id }).HasFilter("state = 'suspended'")
            .HasDatabaseName("ix_phone_numbers_retry");
    }
}

/// <summary>Table <c>number_rents</c>.</summary>
internal sealed class NumberRentMap : IEntityTypeConfiguration<NumberRent>
{
    public void Configure(EntityTypeBuilder<NumberRent> rent)
    {
        rent.ToTable("number_rents", table => table.HasCheckConstraint(
            "ck_number_rents_period", "period_end > period_start AND amount_e4 >= 0"));
        rent.HasKey(row => new { row.NumberId, row.PeriodStart });
        rent.HasCode(row => row.Unit);
        rent.HasOne<PhoneNumber>().WithMany().HasForeignKey(row => row.NumberId).OnDelete(DeleteBehavior.Restrict);
        rent.HasIndex(row => new { row.TenantId, row.PaidAt });
    }
}
