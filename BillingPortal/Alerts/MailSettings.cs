using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>Changes what a tenant gets by mail and where, clears flags, sends tests. The row is the lock.</summary>
public sealed class MailSettings(
    Database database, Mailer mailer, RecipientReader recipients, BalanceFeed feed, TimeProvider time)
{
    /// <summary>Enough to try things out, too few to annoy somebody whose address was typed in.</summary>
    public const int TestsPerHourMax = 5;

    private const string Open =
        """
        INSERT INTO mail_preferences
          (tenant_id, email_enabled, off_kinds, to_owners, to_billing_admins, to_viewers, tests_sent)
        VALUES ($1, true, '{}', true, true, false, 0) ON CONFLICT DO NOTHING
        """;

    public async Task<MailSaved> SaveAsync(
        Guid tenantId, MailChange change, Guid? userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var saved = await ApplyAsync(unit, tenantId, change, userId, cancellationToken);
        if (saved.Problem is null)
        {
            await unit.CommitAsync(cancellationToken);
        }

        return saved;
    }

    /// <summary>In the caller's transaction, which it commits only when there is no problem.</summary>
    public async Task<MailSaved> ApplyAsync(
        UnitOfWork unit, Guid tenantId, MailChange change, Guid? userId, CancellationToken cancellationToken = default)
    {
        if (change.Problem is { } problem)
        {
            return new MailSaved(null, problem);
        }

        var row = await LockAsync(unit, tenantId, cancellationToken);
        var before = SidesOf(row);
        row.EmailEnabled = change.EmailEnabled ?? row.EmailEnabled;
        row.OffKinds = change.OffKinds is null ? row.OffKinds : [.. change.OffKinds.Distinct(StringComparer.Ordinal)];
        row.OverrideAddress = change.OverrideAddress is null
            ? row.OverrideAddress : MailAddresses.Parse(change.OverrideAddress);
        (row.ToOwners, row.ToBillingAdmins, row.ToViewers) = (
            change.ToOwners ?? row.ToOwners, change.ToBillingAdmins ?? row.ToBillingAdmins,
            change.ToViewers ?? row.ToViewers);
        if (row is { ToOwners: false, ToBillingAdmins: false, ToViewers: false })
        {
            return new MailSaved(null, "Choose at least one role to write to.");
        }

        (row.ChangedAt, row.ChangedBy) = (time.GetUtcNow(), userId);
        unit.RecordSetting(time, new SettingChange(
            tenantId, "mail_settings.changed", tenantId.ToString(), "What is mailed, and to whom, was changed.", before, SidesOf(row)));
        feed.Ring(unit, tenantId);
        return new MailSaved(row, null);
    }

    /// <summary>A person says that the address works again. False when it was not flagged.</summary>
    public async Task<bool> ClearFlagAsync(
        Guid tenantId, string address, Guid? userId, CancellationToken cancellationToken = default)
    {
        var known = MailAddresses.Normalize(address);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var cleared = await unit.Db.Set<FlaggedAddress>()
            .Where(flag => flag.TenantId == tenantId && flag.Address == known && flag.ClearedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(flag => flag.ClearedAt, time.GetUtcNow())
                    .SetProperty(flag => flag.ClearedBy, userId),
                cancellationToken);
        if (cleared == 1)
        {
            unit.RecordSetting(time, new SettingChange(
                tenantId, "mail_address.cleared", known, $"{known} is written to again.", new { Address = known, Works = false },
                new { Address = known, Works = true }));
        }

        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return cleared == 1;
    }

    /// <summary>A mail to everybody who would get one, whatever kinds are switched off.</summary>
    public async Task<TestOutcome> SendTestAsync(
        Guid tenantId, string askedBy, CancellationToken cancellationToken = default)
    {
        if (!(await recipients.ReadAsync(tenantId, cancellationToken)).ReachesSomebody)
        {
            return TestOutcome.ReachesNobody;
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var row = await LockAsync(unit, tenantId, cancellationToken);
        var now = time.GetUtcNow();
        if (row.TestsSince is not { } since || since > now || now - since >= TimeSpan.FromHours(1))
        {
            (row.TestsSince, row.TestsSent) = (now, 0);
        }

        if (row.TestsSent >= TestsPerHourMax)
        {
            return TestOutcome.TooMany;
        }

        row.TestsSent++;
        mailer.Enqueue<TestMail>(
            unit, tenantId, MailKinds.Test, "Test of your notifications",
            new Dictionary<string, object?>
            {
                [nameof(TestMail.AskedBy)] = askedBy,
                [nameof(TestMail.AskedAt)] = now,
            },
            key: $"test:{Ids.New()}");
        await unit.CommitAsync(cancellationToken);
        return TestOutcome.Queued;
    }

    private static object SidesOf(MailPreferences row) => new
    {
        Email = row.EmailEnabled,
        NotMailed = string.Join(", ", row.OffKinds.Select(MailKinds.NameOf)),
        OnlyTo = row.OverrideAddress,
        row.ToOwners,
        row.ToBillingAdmins,
        row.ToViewers,
    };

    private static async Task<MailPreferences> LockAsync(
        UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        await using (var open = unit.Command(Open, tenantId))
        {
            await open.ExecuteNonQueryAsync(cancellationToken);
        }

        return await unit.Db.Set<MailPreferences>()
            .FromSql($"SELECT * FROM mail_preferences WHERE tenant_id = {tenantId} FOR UPDATE")
            .SingleAsync(cancellationToken);
    }
}
