using BillingPortal.Alerts;
using BillingPortal.Audit;
using BillingPortal.AutoRecharge;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Notifications;

/// <summary>Reads how a tenant's balance stands and what it is told of it, and changes threshold and mail together.</summary>
public sealed class BalanceCheck(
    Database database, AlertReader alerts, PhoneNumberReader numbers, MailSettings mail, AlertWatch watch,
    TimeProvider time, IOptions<NotificationsOptions> options)
{
    // The row is judged anew at the next look, without regard to the old threshold's limits.
    private const string Unjudge =
        "UPDATE alert_states SET band_from_e4 = 1, band_to_e4 = 0 WHERE tenant_id = $1 AND unit = $2";

    private const string Choose =
        """
        INSERT INTO alert_settings (tenant_id, unit, threshold_e4, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (tenant_id, unit) DO UPDATE SET threshold_e4 = excluded.threshold_e4,
          changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """;

    public async Task<BalanceStanding> ReadAsync(Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var alert = await alerts.ReadAsync(unit, tenantId, plan, cancellationToken);
        var rentMonth = await numbers.RentDueAsync(
            unit, tenantId, plan, time.GetUtcNow() + AlertJudge.Month, cancellationToken);
        var rule = await unit.Db.Set<RechargeRule>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
        var preferences = await unit.Db.Set<MailPreferences>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken)
            ?? new MailPreferences { TenantId = tenantId };
        var lastMail = await unit.Db.Set<SentEmail>().Where(
            email => email.TenantId == tenantId && email.Kind == MailKinds.LowBalance).MaxAsync(
            email => email.SentAt, cancellationToken);
        var now = new BalanceAdvice.Situation(
            alert.Level, alert.Balance.Available, alert.Balance.Debt, alert.Threshold, alert.RentDue, rentMonth, rule,
            preferences.EmailEnabled);
        return new BalanceStanding(
            alert, BalanceAdvice.Message(alert.Level, alert.Balance.Available, alert.Threshold),
            BalanceAdvice.Recommendations(now), rentMonth, preferences, lastMail);
    }

    /// <summary>Null when saved, else what is wrong; then nothing is changed. The level is judged anew at once.</summary>
    public async Task<string?> SaveAsync(
        Guid tenantId, Unit plan, decimal? threshold, MailChange change, Guid? userId,
        CancellationToken cancellationToken = default)
    {
        if (threshold is { } wanted && ThresholdProblem(wanted) is { } problem)
        {
            return problem;
        }

        await using (var unit = await database.BeginAsync(tenantId, cancellationToken))
        {
            if (change != new MailChange()
                && await mail.ApplyAsync(unit, tenantId, change, userId, cancellationToken) is { Problem: { } fault })
            {
                return fault;
            }

            if (threshold is { } chosen)
            {
                await ChooseAsync(unit, tenantId, Amount.Of(chosen, plan), userId, cancellationToken);
            }

            await unit.CommitAsync(cancellationToken);
        }

        await watch.LookAsync(tenantId, cancellationToken);
        return null;
    }

    /// <summary>What is wrong with a threshold; null when nothing is.</summary>
    public string? ThresholdProblem(decimal threshold) =>
        threshold <= 0 || threshold > options.Value.ThresholdMax
            ? $"The threshold must be above 0 and at most {options.Value.ThresholdMax:#,0}."
            : decimal.Round(threshold, 4) != threshold
                ? "The threshold may have four decimal places at most."
                : null;

    private async Task ChooseAsync(
        UnitOfWork unit, Guid tenantId, Amount threshold, Guid? userId, CancellationToken cancellationToken)
    {
        var before = await unit.Db.Set<AlertSetting>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId && row.Unit == threshold.Unit, cancellationToken);
        unit.RecordSetting(time, new SettingChange(
            tenantId, "alert_threshold.changed", threshold.Unit.ToCode(), $"Notices begin at {AmountFormat.Text(threshold)} now.",
            new { Threshold = before is null ? "the default" : AmountFormat.Text(new Amount(before.ThresholdE4, before.Unit)) },
            new { Threshold = AmountFormat.Text(threshold) }));
        await using var choose = unit.Command(
            Choose, tenantId, threshold.Unit.ToCode(), threshold.E4, time.GetUtcNow(), userId);
        choose.Parameters[4].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid;
        await choose.ExecuteNonQueryAsync(cancellationToken);
        await using var unjudge = unit.Command(Unjudge, tenantId, threshold.Unit.ToCode());
        await unjudge.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>How a balance stands, in figures and in sentences, and what is told of it by mail.</summary>
/// <param name="RentMonth">Phone rent of the next 30 days.</param>
/// <param name="LastMailAt">When the last mail about the balance went out.</param>
public sealed record BalanceStanding(
    AccountAlert Alert, string Message, IReadOnlyList<string> Recommendations, Amount RentMonth,
    MailPreferences Preferences, DateTimeOffset? LastMailAt);
