using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.Keys;

/// <summary>
/// A tenant's keys in the hands of its owner: made, rotated, revoked. Every change commits with its line in the audit log; no
/// text of a key is stored, written there or logged.
/// </summary>
public sealed class ApiKeyService(Database database, AuditLog audit, TimeProvider clock)
{
    /// <summary>How many working keys a tenant may have, those that run out included.</summary>
    public const int LiveKeysMax = 20;

    /// <summary>The highest limit a key can be given; the installation's own (<c>Http:RequestsPerMinute</c>) holds beside it.</summary>
    public const int RequestsPerMinuteMax = 100_000;

    /// <summary>A new key. Not repeatable: each call makes one.</summary>
    public async Task<KeyResult> CreateAsync(
        Guid tenantId, Actor actor, KeyWish wish, CancellationToken cancellationToken = default)
    {
        var name = wish.Name?.Trim() ?? "";
        if ((Judge(name, wish.Scopes) ?? JudgeLimit(wish.RequestsPerMinute)) is { } refused)
        {
            return new KeyResult(refused);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new KeyResult(KeyOutcome.NotAllowed);
        }

        var now = clock.GetUtcNow();
        if (await WorkingAsync(unit, tenantId, now, cancellationToken) >= LiveKeysMax)
        {
            return new KeyResult(KeyOutcome.TooMany);
        }

        var text = ApiKeys.NewText();
        var key = ApiKeys.Make(tenantId, name, wish.Scopes, text, now, actor.Name, requestsPerMinute: wish.RequestsPerMinute);
        unit.Db.Add(key);
        audit.Record(unit, Line(key, actor, "api_key.created", $"API key {name} ({key.Prefix}…) made.") with { After = SidesOf(key) });
        await unit.CommitAsync(cancellationToken);
        return new KeyResult(KeyOutcome.Done, new NewApiKey(key.Id, text));
    }

    /// <summary>A new key with the old one's name and scopes; the old one works on for the overlap. Each key once.</summary>
    public async Task<KeyResult> RotateAsync(
        Guid tenantId, Actor actor, Guid keyId, KeyOverlap overlap, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new KeyResult(KeyOutcome.NotAllowed);
        }

        var now = clock.GetUtcNow();
        var old = await FindAsync(unit, tenantId, keyId, cancellationToken);
        if (old?.StateAt(now) is not KeyState.Working)
        {
            return new KeyResult(KeyOutcome.NotThere);
        }

        if (overlap is not KeyOverlap.None && await WorkingAsync(unit, tenantId, now, cancellationToken) >= LiveKeysMax)
        {
            return new KeyResult(KeyOutcome.TooMany);
        }

        var before = SidesOf(old);
        old.ExpiresAt = now + KeyTexts.LengthOf(overlap);
        var text = ApiKeys.NewText();
        var key = ApiKeys.Make(tenantId, old.Name, old.Scopes, text, now, actor.Name, old.Id, old.RequestsPerMinute);
        unit.Db.Add(key);
        var summary = $"API key {old.Name} ({old.Prefix}…) replaced by {key.Prefix}…; {KeyTexts.OldWorks(overlap)}.";
        audit.Record(unit, Line(old, actor, "api_key.rotated", summary) with { Before = before, After = SidesOf(old, key) });
        await unit.CommitAsync(cancellationToken);
        return new KeyResult(KeyOutcome.Done, new NewApiKey(key.Id, text));
    }

    /// <summary>Ends the key with the next request, in every process.</summary>
    public async Task<KeyResult> RevokeAsync(
        Guid tenantId, Actor actor, Guid keyId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new KeyResult(KeyOutcome.NotAllowed);
        }

        var now = clock.GetUtcNow();
        var key = await FindAsync(unit, tenantId, keyId, cancellationToken);
        if (key?.WorksAt(now) is not true)
        {
            return new KeyResult(KeyOutcome.NotThere);
        }

        var before = SidesOf(key);
        key.RevokedAt = now;
        audit.Record(unit, Line(key, actor, "api_key.revoked", $"API key {key.Name} ({key.Prefix}…) revoked.") with
        {
            Before = before,
            After = SidesOf(key),
        });
        await unit.CommitAsync(cancellationToken);
        return new KeyResult(KeyOutcome.Done);
    }

    /// <summary>Another limit for a key that works, from its next request on; null takes the key's own limit away.</summary>
    public async Task<KeyResult> LimitAsync(
        Guid tenantId, Actor actor, Guid keyId, int? requestsPerMinute, CancellationToken cancellationToken = default)
    {
        if (JudgeLimit(requestsPerMinute) is { } refused)
        {
            return new KeyResult(refused);
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new KeyResult(KeyOutcome.NotAllowed);
        }

        var key = await FindAsync(unit, tenantId, keyId, cancellationToken);
        if (key?.WorksAt(clock.GetUtcNow()) is not true)
        {
            return new KeyResult(KeyOutcome.NotThere);
        }

        var before = SidesOf(key);
        key.RequestsPerMinute = requestsPerMinute;
        var summary = $"API key {key.Name} ({key.Prefix}…): {KeyTexts.LimitOf(requestsPerMinute)}.";
        audit.Record(unit, Line(key, actor, "api_key.limited", summary) with { Before = before, After = SidesOf(key) });
        await unit.CommitAsync(cancellationToken);
        return new KeyResult(KeyOutcome.Done);
    }

    private static KeyOutcome? JudgeLimit(int? requestsPerMinute) =>
        requestsPerMinute is null or (>= 1 and <= RequestsPerMinuteMax) ? null : KeyOutcome.LimitOutOfRange;

    private static KeyOutcome? Judge(string name, ApiScopes scopes) =>
        name.Length == 0 ? KeyOutcome.NameMissing
        : name.Length > ApiKeyMap.NameMax ? KeyOutcome.NameTooLong
        : (scopes & ApiScopes.All) is ApiScopes.None || scopes != (scopes & ApiScopes.All) ? KeyOutcome.ScopesMissing
        : null;

    // One change of a tenant's keys at a time, or two could both be the twentieth. A page may be open longer than its reader is owner.
    private static async Task<bool> EnterAsync(UnitOfWork unit, Guid tenantId, Actor actor, CancellationToken cancellationToken)
    {
        await using var turn = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"api-keys:{tenantId}");
        await turn.ExecuteNonQueryAsync(cancellationToken);
        return await unit.Db.Set<Member>().AnyAsync(
            member => member.TenantId == tenantId && member.UserId == actor.Id && member.Role == MemberRole.Owner, cancellationToken);
    }

    private static Task<int> WorkingAsync(UnitOfWork unit, Guid tenantId, DateTimeOffset now, CancellationToken cancellationToken) =>
        unit.Db.Set<ApiKey>().CountAsync(
            key => key.TenantId == tenantId && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now),
            cancellationToken);

    private static Task<ApiKey?> FindAsync(UnitOfWork unit, Guid tenantId, Guid keyId, CancellationToken cancellationToken) =>
        unit.Db.Set<ApiKey>().SingleOrDefaultAsync(key => key.Id == keyId && key.TenantId == tenantId, cancellationToken);

    private static AuditRecord Line(ApiKey key, Actor actor, string action, string summary) =>
        new(key.TenantId, actor, action, "api_key", key.Id.ToString(), summary);

    private static object SidesOf(ApiKey key, ApiKey? successor = null) => new
    {
        key.Name,
        key.Prefix,
        Scopes = KeyTexts.ListOf(key.Scopes),
        key.RequestsPerMinute,
        WorksUntil = key.ExpiresAt,
        key.RevokedAt,
        ReplacedBy = successor?.Prefix,
    };
}
