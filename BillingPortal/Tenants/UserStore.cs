using System.Security.Cryptography;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Tenants.Passkeys;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants;

/// <summary>
/// ASP.NET Core Identity over <see cref="Database"/>: one operator's transaction per call. Two writers of one user
/// cannot both win (concurrency stamp), so a recovery code works once and failed sign-ins are all counted.
/// </summary>
internal sealed class UserStore(Database database, IDataProtectionProvider protection, PasskeyStore passkeys, AccountLog log)
    : IUserPasswordStore<User>, IUserEmailStore<User>, IUserPasskeyStore<User>, IUserSecurityStampStore<User>,
    IUserLockoutStore<User>, IUserTwoFactorStore<User>, IUserAuthenticatorKeyStore<User>, IUserTwoFactorRecoveryCodeStore<User>
{
    private readonly IDataProtector _protector = protection.CreateProtector("BillingPortal.AuthenticatorKey");

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        user.ConcurrencyStamp = NewStamp();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        unit.Db.Add(user);
        await unit.CommitAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await RecordAsync(unit, user, cancellationToken);
        unit.Db.Attach(user);
        user.ConcurrencyStamp = NewStamp();
        unit.Db.Update(user);
        try
        {
            await unit.CommitAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    public async Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        unit.Db.Remove(user);
        await unit.CommitAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return Guid.TryParse(userId, out var id)
            ? await unit.Db.Set<User>().AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken)
            : null;
    }

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByEmailAsync(normalizedUserName, cancellationToken);

    public async Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        if (normalizedEmail.Contains('\0', StringComparison.Ordinal))
        {
            return null; // PostgreSQL would not even compare it
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<User>().AsNoTracking()
            .SingleOrDefaultAsync(user => user.NormalizedEmail == normalizedEmail, cancellationToken);
    }

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) =>
        SetEmailAsync(user, userName, cancellationToken);

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) =>
        SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.Email);

    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken) => Set(() =>
        user.Email = email ?? "");

    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) =>
        Set(() => user.NormalizedEmail = normalizedEmail ?? "");

    /// <summary>An address is typed in by the operator or an owner; there is no self-registration to confirm.</summary>
    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not null);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) =>
        Set(() => user.PasswordHash = passwordHash);

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Set(() =>
        user.SecurityStamp = stamp);

    public Task<int> GetAccessFailedCountAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.AccessFailedCount);

    public Task<int> IncrementAccessFailedCountAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(++user.AccessFailedCount);

    public Task ResetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Set(() =>
        user.AccessFailedCount = 0);

    public Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.LockoutEndAt);

    public Task SetLockoutEndDateAsync(User user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) =>
        Set(() => user.LockoutEndAt = lockoutEnd?.ToUniversalTime());

    public Task<bool> GetTwoFactorEnabledAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.IsTwoFactorEnabled);

    public Task SetTwoFactorEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Set(() =>
        user.IsTwoFactorEnabled = enabled);

    public Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.AuthenticatorKeyProtected is { } cipher ? _protector.Unprotect(cipher) : null);

    public Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken) =>
        Set(() => user.AuthenticatorKeyProtected = _protector.Protect(key));

    public Task ReplaceCodesAsync(User user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) =>
        Set(() => user.RecoveryCodeHashes = [.. recoveryCodes.Select(HashOf)]);

    public Task<bool> RedeemCodeAsync(User user, string code, CancellationToken cancellationToken) =>
        Task.FromResult(user.RecoveryCodeHashes.Remove(HashOf(code)));

    public Task<int> CountCodesAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.RecoveryCodeHashes.Count);

    public Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        passkeys.SaveAsync(user.Id, passkey, cancellationToken);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        passkeys.ListAsync(user.Id, cancellationToken);

    public Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        passkeys.FindUserAsync(credentialId, cancellationToken);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        passkeys.FindAsync(user.Id, credentialId, cancellationToken);

    public Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        passkeys.RemoveAsync(user.Id, credentialId, cancellationToken);

    public void Dispose()
    {
        // Holds nothing: every call has its own transaction.
    }

    // What colleagues may know of a change; new passwords are written down where they are chosen.
    private async Task RecordAsync(UnitOfWork unit, User user, CancellationToken cancellationToken)
    {
        var old = await unit.Db.Set<User>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == user.Id, cancellationToken);
        if (old is null)
        {
            return;
        }

        if (old.Name != user.Name || old.Email != user.Email)
        {
            await log.RecordAsync(
                unit, user, "profile.changed", $"{old.Name} changed their profile.", after: new { user.Name, user.Email },
                before: new { old.Name, old.Email }, cancellationToken: cancellationToken);
        }

        if (old.IsTwoFactorEnabled != user.IsTwoFactorEnabled)
        {
            await log.RecordAsync(
                unit, user, "two_step.changed", $"{user.Name} switched two-step sign-in {(user.IsTwoFactorEnabled ? "on" : "off")}.",
                after: new { TwoStep = user.IsTwoFactorEnabled }, before: new { TwoStep = old.IsTwoFactorEnabled },
                cancellationToken: cancellationToken);
        }
    }

    private static Task Set(Action change)
    {
        change();
        return Task.CompletedTask;
    }

    // Ten random characters from Identity's generator: a fast hash is enough.
    private static string HashOf(string code) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RecoveryCodes.Normalise(code))));

    private static string NewStamp() => Guid.CreateVersion7().ToString("N");
}
