using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.AutoRecharge;

/// <summary>Table <c>recharge_rules</c>: one row per tenant, its lock.</summary>
internal sealed class RechargeRuleMap : IEntityTypeConfiguration<RechargeRule>
{
    public void Configure(EntityTypeBuilder<RechargeRule> rule)
    {
        rule.ToTable("recharge_rules", table =>
        {
            table.HasCheckConstraint(
                "ck_recharge_rules_amounts", "threshold_e4 >= 0 AND amount_e4 > 0 AND monthly_limit_cents > 0");
            table.HasCheckConstraint("ck_recharge_rules_size",
                "amount_e4 IS NOT NULL AND (size = 'package') = (package_id IS NOT NULL)");
            table.HasCheckConstraint("ck_recharge_rules_target", "size <> 'target' OR amount_e4 > threshold_e4");
            table.HasCheckConstraint(
                "ck_recharge_rules_counts", "attempts_per_day BETWEEN 1 AND 1000 AND consecutive_failures >= 0");
            table.HasCheckConstraint("ck_recharge_rules_pause", "(paused_reason IS NULL) = (paused_at IS NULL)");
            table.HasCheckConstraint(
                "ck_recharge_rules_care",
                "notice_hours BETWEEN 0 AND 72 AND grace_days BETWEEN 0 AND 14 AND pace_e4 > 0 "
                + "AND (noticed_at IS NULL) = (noticed_for IS NULL)");
            table.HasCheckConstraint("ck_recharge_rules_backoff", "(backoff_since IS NULL) = (backoff_until IS NULL)");
        });
        rule.HasKey(row => row.TenantId);
        rule.HasCode(row => row.Unit);
        rule.HasCode(row => row.Size);
        rule.HasCode(row => row.PausedReason);
        rule.HasCode(row => row.Smart);
        rule.HasIndex(row => new { row.PaceAt, row.TenantId })
            .HasFilter("enabled AND (smart = 'automatic' OR notice_hours > 0)").HasDatabaseName("ix_recharge_rules_paced");
        rule.HasIndex(row => row.NoticedAt).HasFilter("noticed_at IS NOT NULL").HasDatabaseName("ix_recharge_rules_noticed");
        rule.Ignore(row => row.Threshold);
        rule.Ignore(row => row.IsActive);
        rule.Ignore(row => row.GraceUntil);
    }
}

/// <summary>
/// Table <c>recharge_attempts</c>. The unique partial index is the second wall behind the rule's lock.
/// </summary>
internal sealed class RechargeAttemptMap : IEntityTypeConfiguration<RechargeAttempt>
{
    private const string Open = "state IN ('recorded', 'charging', 'unknown', 'requires_action')";

    public void Configure(EntityTypeBuilder<RechargeAttempt> attempt)
    {
        attempt.ToTable("recharge_attempts", table =>
        {
            table.HasCheckConstraint(
                "ck_recharge_attempts_amounts", "amount_e4 > 0 AND bonus_e4 >= 0 AND price_cents > 0");
            table.HasCheckConstraint(
                "ck_recharge_attempts_cards", "card_index >= 0 AND (card_index < cardinality(cards) OR invoice_id IS NOT NULL)");
            table.HasCheckConstraint("ck_recharge_attempts_ended", $"(ended_at IS NULL) = ({Open})");
            table.HasCheckConstraint("ck_recharge_attempts_asked", "reached_card OR state IN ('recorded', 'canceled')");
        });
        attempt.HasKey(row => row.Id);
        attempt.HasCode(row => row.Trigger);
        attempt.HasCode(row => row.State);
        attempt.HasCode(row => row.Unit);
        attempt.Ignore(row => row.Amount);
        attempt.Ignore(row => row.Bonus);
        attempt.Ignore(row => row.Card);
        attempt.Ignore(row => row.IdempotencyKey);
        attempt.HasIndex(row => row.TenantId).IsUnique().HasFilter(Open).HasDatabaseName("ux_recharge_attempts_open");
        attempt.HasIndex(row => new { row.TenantId, row.StartedAt });
        attempt.HasIndex(row => row.PaymentIntentId).IsUnique();
        attempt.HasIndex(row => row.LeasedUntil).HasFilter($"{Open} OR is_cancel_due").HasDatabaseName(
            "ix_recharge_attempts_due");
    }
}

/// <summary>Table <c>recharge_evaluations</c>.</summary>
internal sealed class RechargeEvaluationMap : IEntityTypeConfiguration<RechargeEvaluation>
{
    public void Configure(EntityTypeBuilder<RechargeEvaluation> evaluation)
    {
        evaluation.ToTable("recharge_evaluations");
        evaluation.HasKey(row => row.Id);
        evaluation.HasCode(row => row.Trigger);
        evaluation.HasCode(row => row.Reason);
        evaluation.HasCode(row => row.Unit);
        evaluation.HasIndex(row => new { row.TenantId, row.Id });
    }
}
