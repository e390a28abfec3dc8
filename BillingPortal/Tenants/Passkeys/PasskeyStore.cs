using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>Passkeys as ASP.NET Core Identity asks for them, through <see cref="UserStore"/>. One transaction per call.</summary>
internal sealed class PasskeyStore(Database database)
{
    public async Task SaveAsync(Guid userId, UserPasskeyInfo info, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = await FindAsync(unit, userId, info.CredentialId, cancellationToken);
        if (known is null)
        {
            unit.Db.Add(Make(userId, info.Name, info));
        }
        else
        {
            (known.SignCount, known.IsBackedUp, known.LastUsedAt) = (info.SignCount, info.IsBackedUp, TimeProvider.System.GetUtcNow());
        }

        await unit.CommitAsync(cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var passkeys = await unit.Db.Set<Passkey>().AsNoTracking().Where(row => row.UserId == userId).OrderBy(row => row.CreatedAt)
            .ToListAsync(cancellationToken);
        return [.. passkeys.Select(InfoOf)];
    }

    public async Task<User?> FindUserAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from passkey in unit.Db.Set<Passkey>()
                      join user in unit.Db.Set<User>() on passkey.UserId equals user.Id
                      where passkey.CredentialId == credentialId
                      select user).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<UserPasskeyInfo?> FindAsync(Guid userId, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await FindAsync(unit, userId, credentialId, cancellationToken) is { } passkey ? InfoOf(passkey) : null;
    }

    public async Task RemoveAsync(Guid userId, byte[] credentialId, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await unit.Db.Set<Passkey>().Where(row => row.UserId == userId && row.CredentialId == credentialId)
            .ExecuteDeleteAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    public static Passkey Make(Guid userId, string? name, UserPasskeyInfo info) => new()
    {
        Id = Ids.New(),
        UserId = userId,
        Name = string.IsNullOrWhiteSpace(name) ? "Passkey" : name,
        CredentialId = info.CredentialId,
        PublicKey = info.PublicKey,
        SignCount = info.SignCount,
        Transports = [.. info.Transports ?? []],
        IsUserVerified = info.IsUserVerified,
        IsBackupEligible = info.IsBackupEligible,
        IsBackedUp = info.IsBackedUp,
        AttestationObject = info.AttestationObject,
        ClientDataJson = info.ClientDataJson,
        CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    private static Task<Passkey?> FindAsync(UnitOfWork unit, Guid userId, byte[] credentialId, CancellationToken cancellationToken) =>
        unit.Db.Set<Passkey>().SingleOrDefaultAsync(row => row.UserId == userId && row.CredentialId == credentialId, cancellationToken);

    private static UserPasskeyInfo InfoOf(Passkey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, passkey.CreatedAt, (uint)passkey.SignCount, [.. passkey.Transports],
        passkey.IsUserVerified, passkey.IsBackupEligible, passkey.IsBackedUp, passkey.AttestationObject, passkey.ClientDataJson)
    {
        Name = passkey.Name,
    };
}
