using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.AutoRecharge;

/// <summary>One change that smart mode made to a rule, with its reason. Written with the change, never changed itself.</summary>
public sealed class RechargeAdjustment
{
    public Guid Id { get; init; }

    public Guid TenantId { get; init; }

    public Unit Unit { get; init; }

    public long ThresholdBeforeE4 { get; init; }

    public long ThresholdE4 { get; init; }

    public long AmountBeforeE4 { get; init; }

    public long AmountE4 { get; init; }

    /// <summary>In words for people, with the figures it rested on.</summary>
    public string Reason { get; init; } = "";

    public DateTimeOffset AdjustedAt { get; init; }

    public Amount ThresholdBefore => new(ThresholdBeforeE4, Unit);

    public Amount Threshold => new(ThresholdE4, Unit);

    public Amount AmountBefore => new(AmountBeforeE4, Unit);

    public Amount Amount => new(AmountE4, Unit);
}

/// <summary>Table <c>recharge_adjustments</c>.</summary>
internal sealed class RechargeAdjustmentMap : IEntityTypeConfiguration<RechargeAdjustment>
{
    public void Configure(EntityTypeBuilder<RechargeAdjustment> adjustment)
    {
        adjustment.ToTable("recharge_adjustments", table => table.HasCheckConstraint(
            "ck_recharge_adjustments_amounts", "threshold_e4 > 0 AND amount_e4 > 0"));
        adjustment.HasKey(row => row.Id);
        adjustment.Property(row => row.Id).ValueGeneratedNever();
        adjustment.HasCode(row => row.Unit);
        adjustment.Ignore(row => row.ThresholdBefore);
        adjustment.Ignore(row => row.Threshold);
        adjustment.Ignore(row => row.AmountBefore);
        adjustment.Ignore(row => row.Amount);
        adjustment.HasIndex(row => new { row.TenantId, row.Id });
    }
}
