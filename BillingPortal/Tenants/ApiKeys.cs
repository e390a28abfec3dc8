using System.Security.Cryptography;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants.Keys;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants;

/// <summary>
/// Recognises API keys and makes their texts, which exist in the caller's hands only. Nothing is remembered between requests: a
/// key that ended is nobody from the next request on, in every process.
/// </summary>
public sealed class ApiKeys(Database database, KeyUses uses, TimeProvider clock)
{
    private const int RandomBytes = 24;
    private const int PrefixLength = 11;

    /// <summary>
    /// A key for the sandbox and for tests; <paramref name="text"/> fixes its text. People make theirs by <see
    /// cref="ApiKeyService"/>. Commits. Making the same fixed key again changes nothing.
    /// </summary>
    public async Task<NewApiKey> CreateAsync(
        Guid tenantId, string name, ApiScopes scopes, string? text = null, CancellationToken cancellationToken = default)
    {
        text ??= NewText();
        var hash = HashOf(text);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (await unit.Db.Set<ApiKey>().SingleOrDefaultAsync(key => key.KeySha256 == hash, cancellationToken) is { } existing)
        {
            return existing.TenantId == tenantId
                ? new NewApiKey(existing.Id, text)
                : throw new InvalidOperationException("That key belongs to another tenant.");
        }

        var created = Make(tenantId, name, scopes, text, clock.GetUtcNow());
        unit.Db.Add(created);
        await unit.CommitAsync(cancellationToken);
        return new NewApiKey(created.Id, text);
    }

    /// <summary>The key and its tenant, or null when the text is no key or one that ended. Notes the use without waiting.</summary>
    public async Task<KnownApiKey?> RecogniseAsync(string text, CancellationToken cancellationToken)
    {
        var hash = HashOf(text);
        var now = clock.GetUtcNow();
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var known = await (from key in unit.Db.Set<ApiKey>()
                           join tenant in unit.Db.Set<Tenant>() on key.TenantId equals tenant.Id
                           where key.KeySha256 == hash && key.RevokedAt == null
                               && (key.ExpiresAt == null || key.ExpiresAt > now)
                           select new KnownApiKey(key, tenant)).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (known is not null)
        {
            uses.Note(known.Key, now);
        }

        return known;
    }

    internal static string NewText() => $"bp_live_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes))}";

    internal static ApiKey Make(
        Guid tenantId, string name, ApiScopes scopes, string text, DateTimeOffset now, string? by = null, Guid? replaces = null,
        int? requestsPerMinute = null) => new()
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Name = name,
            Prefix = text[..Math.Min(PrefixLength, text.Length)],
            KeySha256 = HashOf(text),
            Scopes = scopes,
            RequestsPerMinute = requestsPerMinute,
            CreatedAt = now,
            CreatedBy = by,
            ReplacesId = replaces,
        };

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>A key just made: the only moment at which its text is known.</summary>
public sealed record NewApiKey(Guid Id, string Text)
{
    /// <summary>Without the text: what is printed may end in a log.</summary>
    public override string ToString() => $"API key {Id}";
}

/// <summary>A key that was recognised, with its tenant.</summary>
public sealed record KnownApiKey(ApiKey Key, Tenant Tenant);
