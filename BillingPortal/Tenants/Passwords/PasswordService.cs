using System.Security.Cryptography;
using BillingPortal.Data;
using BillingPortal.Outbox;
using BillingPortal.Tenants.Addresses;
using BillingPortal.Tenants.Mail;
using BillingPortal.Tenants.Passkeys;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Passwords;

/// <summary>
/// New passwords: by a mailed link, or with the old one. Each change ends the person's sessions (new security stamp), keeps the
/// second step, tells the person by mail, and commits with its line in the audit log. No code or password is stored or logged.
/// </summary>
public sealed class PasswordService(
    Database database, UserManager<User> users, OutboxWriter outbox, PersonMails mails, AccountLog log, TimeProvider clock)
{
    public static readonly TimeSpan LinkWorksFor = TimeSpan.FromMinutes(30);

    /// <summary>An ended link tells support that there was one.</summary>
    private static readonly TimeSpan LinkKeptFor = TimeSpan.FromDays(30);

    private const string Why =
        "You get this because it concerns your sign-in. If it was not you, choose a new password at once and tell support.";

    /// <summary>Asks for a link. What comes of it is decided behind the request, so that no answer and no delay tells who exists.</summary>
    public async Task AskAsync(string email, string from, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        outbox.Enqueue(unit, PasswordAsked.MessageKind, tenantId: null, new PasswordAsked(email.Trim(), from));
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>Whose link it is, while it works; null otherwise. Uses nothing up: mail programs open links before people do.</summary>
    public async Task<string?> EmailOfAsync(string code, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var (hash, now) = (PasswordReset.HashOf(code), clock.GetUtcNow());
        return await (from reset in unit.Db.Set<PasswordReset>()
                      join user in unit.Db.Set<User>() on reset.UserId equals user.Id
                      where reset.CodeHash == hash && reset.EndedAt == null && reset.ExpiresAt > now
                      select user.Email).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Uses the link up, lifts a lock-out, ends every session. A password that is refused leaves the link as it was.</summary>
    public async Task<PasswordResult> ResetAsync(
        string code, string password, bool removePasskeys = false, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var hash = PasswordReset.HashOf(code);
        var reset = await unit.Db.Set<PasswordReset>()
            .FromSql($"SELECT * FROM password_resets WHERE code_hash = {hash} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
        if (reset is null || reset.EndedAt is not null || reset.ExpiresAt <= clock.GetUtcNow())
        {
            return new PasswordResult(PasswordOutcome.LinkEnded);
        }

        if (removePasskeys)
        {
            // In the same commit: a password that is refused keeps them.
            await unit.Db.Set<Passkey>().Where(row => row.UserId == reset.UserId).ExecuteDeleteAsync(cancellationToken);
        }

        var how = removePasskeys ? "by a mailed link and removed every passkey" : "by a mailed link";
        return await SetAsync(unit, reset.UserId, password, how, cancellationToken);
    }

    /// <summary>With the password in force. The caller's own session needs renewing afterwards; all others end.</summary>
    public async Task<PasswordResult> ChangeAsync(
        Guid userId, string current, string password, CancellationToken cancellationToken = default)
    {
        if (await users.FindByIdAsync(userId.ToString()) is not { } user || !await users.CheckPasswordAsync(user, current))
        {
            return new PasswordResult(PasswordOutcome.WrongPassword);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await SetAsync(unit, userId, password, "with the old one", cancellationToken);
    }

    /// <summary>Forgets links of long ago; how many that were.</summary>
    public async Task<int> SweepAsync(int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var before = clock.GetUtcNow() - LinkKeptFor;
        var old = unit.Db.Set<PasswordReset>().Where(row => row.CreatedAt < before).OrderBy(row => row.CreatedAt)
            .Take(most).Select(row => row.Id);
        var removed = await unit.Db.Set<PasswordReset>().Where(row => old.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return removed;
    }

    private async Task<PasswordResult> SetAsync(
        UnitOfWork unit, Guid userId, string password, string how, CancellationToken cancellationToken)
    {
        // Who asked for another address with the old password does not get it any more. Before the person's row, as the address does it.
        var asked = clock.GetUtcNow();
        await unit.Db.Set<AddressChange>().Where(row => row.UserId == userId && row.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, asked), cancellationToken);
        var user = await unit.Db.Set<User>().FromSql($"SELECT * FROM users WHERE id = {userId} FOR UPDATE")
            .SingleAsync(cancellationToken);
        foreach (var validator in users.PasswordValidators)
        {
            if (await validator.ValidateAsync(users, user, password) is { Succeeded: false } refused)
            {
                return new PasswordResult(PasswordOutcome.Refused, string.Join(' ', refused.Errors.Select(error => error.Description)));
            }
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        user.SecurityStamp = NewStamp();
        user.ConcurrencyStamp = NewStamp();
        (user.AccessFailedCount, user.LockoutEndAt) = (0, null);
        var now = clock.GetUtcNow();
        var open = unit.Db.Set<PasswordReset>().Where(row => row.UserId == userId && row.EndedAt == null);
        await open.ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken);
        mails.Enqueue<PasswordChangedMail>(
            unit, user.Email, "password_changed", "Your password was changed", Why,
            new Dictionary<string, string?> { [nameof(PasswordChangedMail.Name)] = user.Name });
        await log.RecordAsync(
            unit, user, "password.changed", $"{user.Name} chose a new password {how}; every other session ended.",
            cancellationToken: cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return new PasswordResult(PasswordOutcome.Done);
    }

    private static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
}

/// <summary>How a change of a password ended.</summary>
public enum PasswordOutcome
{
    Done = 1,

    /// <summary>Used, replaced, too old, or never a link of ours.</summary>
    LinkEnded = 2,

    WrongPassword = 3,

    /// <summary>Too short.</summary>
    Refused = 4,
}

/// <summary>The outcome, with the rule that the password breaks where it was refused.</summary>
public sealed record PasswordResult(PasswordOutcome Outcome, string? Rule = null);
