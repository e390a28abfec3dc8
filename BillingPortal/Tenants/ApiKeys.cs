using System.Security.Cryptography;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants;

/// <summary>Makes, recognises and revokes API keys. The key's text exists in the caller's hands only.</summary>
public sealed class ApiKeys(Database database, TimeProvider clock)
{
    private const int RandomBytes = 24;
    private const int PrefixLength = 11;
    private static readonly TimeSpan LastUsedEvery = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A new key; <paramref name="text"/> fixes its text for the sandbox. Commits. Making the same fixed key again
    /// changes nothing.
    /// </summary>
    public async Task<NewApiKey> CreateAsync(
        Guid tenantId, string name, ApiScopes scopes, string? text = null, CancellationToken cancellationToken = default)
    {
        text ??= $"bp_live_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";
        var hash = HashOf(text);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await unit.Db.Set<ApiKey>().SingleOrDefaultAsync(key => key.KeySha256 == hash, cancellationToken) is { } existing)
        {
            return existing.TenantId == tenantId
                ? new NewApiKey(existing.Id, text)
                : throw new InvalidOperationException("That key belongs to another tenant.");
        }

        var created = new ApiKey
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Name = name,
            Prefix = text[..Math.Min(PrefixLength, text.Length)],
            KeySha256 = hash,
            Scopes = scopes,
            CreatedAt = clock.GetUtcNow(),
        };
        unit.Db.Add(created);
        await unit.CommitAsync(cancellationToken);
        return new NewApiKey(created.Id, text);
    }

    /// <summary>
    /// The key and its tenant, or null when the text is no key or a revoked one. Notes the use, at most every five
    /// minutes.
    /// </summary>
    public async Task<KnownApiKey?> RecogniseAsync(string text, CancellationToken cancellationToken)
    {
        var hash = HashOf(text);
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = await (from key in unit.Db.Set<ApiKey>()
                           join tenant in unit.Db.Set<Tenant>() on key.TenantId equals tenant.Id
                           where key.KeySha256 == hash && key.RevokedAt == null
                           select new KnownApiKey(key, tenant)).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (known is not null && (known.Key.LastUsedAt is not { } last || now - last > LastUsedEvery))
        {
            await unit.Db.Set<ApiKey>().Where(key => key.Id == known.Key.Id)
                .ExecuteUpdateAsync(key => key.SetProperty(row => row.LastUsedAt, now), cancellationToken);
            await unit.CommitAsync(cancellationToken);
        }

        return known;
    }

    /// <summary>Ends the key at once. Commits. False when the tenant has no such living key.</summary>
    public async Task<bool> RevokeAsync(Guid tenantId, Guid keyId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var revoked = await unit.Db.Set<ApiKey>()
            .Where(key => key.Id == keyId && key.TenantId == tenantId && key.RevokedAt == null)
            .ExecuteUpdateAsync(key => key.SetProperty(row => row.RevokedAt, now), cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return revoked == 1;
    }

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>A key just made: the only moment at which its text is known.</summary>
public sealed record NewApiKey(Guid Id, string Text);

/// <summary>A key that was recognised, with its tenant.</summary>
public sealed record KnownApiKey(ApiKey Key, Tenant Tenant);
