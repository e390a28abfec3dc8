using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// A tenant's connection in the hands of its owners. Every change commits with its line in the audit log; the client's secret is stored
/// encrypted, and written or shown nowhere.
/// </summary>
public sealed class SsoService(
    Database database, AuditLog audit, IDataProtectionProvider protection, IOptions<SsoOptions> options, IHostEnvironment environment,
    TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("BillingPortal.SsoClientSecret");

    internal bool MayBePrivate => options.Value.AllowPrivateIssuers ?? environment.IsDevelopment();

    /// <summary>Makes or changes the connection. Domains that stay keep their confirmation.</summary>
    public async Task<SsoResult> SaveAsync(Guid tenantId, Actor actor, SsoWish wish, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new SsoResult(SsoOutcome.NotAllowed);
        }

        var row = await unit.Db.Set<SsoConnection>().SingleOrDefaultAsync(one => one.TenantId == tenantId, cancellationToken);
        if (SsoWishPolicy.Judge(wish, row, MayBePrivate) is { IsEmpty: false } faults)
        {
            return new SsoResult(SsoOutcome.Faulty, faults);
        }

        var domains = await unit.Db.Set<SsoDomain>().Where(one => one.TenantId == tenantId).ToListAsync(cancellationToken);
        var before = row is null ? null : SidesOf(row, domains.Select(one => one.Domain));
        var now = clock.GetUtcNow();
        if (row is null)
        {
            row = new SsoConnection { TenantId = tenantId, Issuer = "", ClientId = "", CreatedAt = now, UpdatedAt = now };
            unit.Db.Add(row);
        }

        Fill(row, wish, now);
        var wanted = SsoWishPolicy.DomainsOf(wish);
        unit.Db.RemoveRange(domains.Where(one => !wanted.Contains(one.Domain)));
        unit.Db.AddRange(wanted.Except(domains.Select(one => one.Domain))
            .Select(domain => new SsoDomain { TenantId = tenantId, Domain = domain, CreatedAt = now }));
        audit.Record(unit, new AuditRecord(
            tenantId, actor, "sso.saved", "sso", tenantId.ToString(),
            $"Single sign-on with {row.Issuer} {(before is null ? "set up" : "changed")}"
                + (wish.ClientSecret.Length > 0 ? ", with a new client secret." : "."),
            before, SidesOf(row, wanted)));
        await unit.CommitAsync(cancellationToken);
        return new SsoResult(SsoOutcome.Done);
    }

    /// <summary>Ends it: who came in by it is out within a minute, and its domains are nobody's.</summary>
    public async Task<SsoResult> RemoveAsync(Guid tenantId, Actor actor, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new SsoResult(SsoOutcome.NotAllowed);
        }

        if (await unit.Db.Set<SsoConnection>().SingleOrDefaultAsync(one => one.TenantId == tenantId, cancellationToken) is not { } row)
        {
            return new SsoResult(SsoOutcome.NotThere);
        }

        var domains = await unit.Db.Set<SsoDomain>().Where(one => one.TenantId == tenantId).ToListAsync(cancellationToken);
        unit.Db.RemoveRange(await unit.Db.Set<SsoIdentity>().Where(one => one.TenantId == tenantId).ToListAsync(cancellationToken));
        unit.Db.RemoveRange(domains);
        unit.Db.Remove(row);
        audit.Record(unit, new AuditRecord(
            tenantId, actor, "sso.removed", "sso", tenantId.ToString(), $"Single sign-on with {row.Issuer} removed.",
            SidesOf(row, domains.Select(one => one.Domain))));
        await unit.CommitAsync(cancellationToken);
        return new SsoResult(SsoOutcome.Done);
    }

    /// <summary>Forgets whose subject somebody is; the next sign-in goes by the address again.</summary>
    public async Task<SsoResult> ForgetAsync(Guid tenantId, Actor actor, Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new SsoResult(SsoOutcome.NotAllowed);
        }

        var rows = await unit.Db.Set<SsoIdentity>()
            .Where(one => one.TenantId == tenantId && one.UserId == userId).ToListAsync(cancellationToken);
        if (rows.Count == 0)
        {
            return new SsoResult(SsoOutcome.NotThere);
        }

        unit.Db.RemoveRange(rows);
        var name = await unit.Db.Set<User>().Where(user => user.Id == userId).Select(user => user.Name).SingleAsync(cancellationToken);
        audit.Record(unit, new AuditRecord(
            tenantId, actor, "sso.forgotten", "member", userId.ToString(), $"{name} is no longer known to single sign-on by a subject."));
        await unit.CommitAsync(cancellationToken);
        return new SsoResult(SsoOutcome.Done);
    }

    /// <summary>The client's secret, for the issuer that it belongs to; null where there is none.</summary>
    internal string? SecretOf(SsoConnection connection) =>
        connection.ClientSecretProtected is { } cipher ? _protector.Unprotect(cipher) : null;

    private void Fill(SsoConnection row, SsoWish wish, DateTimeOffset now)
    {
        row.Issuer = wish.Issuer.Trim();
        row.ClientId = wish.ClientId.Trim();
        row.ClientSecretProtected = wish.ClientSecret.Length > 0 ? _protector.Protect(wish.ClientSecret) : row.ClientSecretProtected;
        row.RoleClaim = wish.RoleClaim.Trim() is { Length: > 0 } claim ? claim : null;
        row.RoleRules = RoleRule.Text(RoleRule.Parse(wish.RoleRules).Rules!);
        row.DefaultRole = wish.DefaultRole is MemberRole.BillingAdmin ? MemberRole.BillingAdmin : MemberRole.Viewer;
        row.LetsPeopleJoin = wish.LetsPeopleJoin;
        row.IsRequired = wish.IsRequired;
        row.UpdatedAt = now;
    }

    // One change of a tenant's connection at a time, beside the sign-ins that read it.
    private static async Task<bool> EnterAsync(UnitOfWork unit, Guid tenantId, Actor actor, CancellationToken cancellationToken)
    {
        await SsoTurn.TakeAsync(unit, tenantId, cancellationToken);
        return await unit.Db.Set<Member>().AnyAsync(
            member => member.TenantId == tenantId && member.UserId == actor.Id && member.Role == MemberRole.Owner, cancellationToken);
    }

    private static object SidesOf(SsoConnection row, IEnumerable<string> domains) => new
    {
        row.Issuer,
        row.ClientId,
        HasClientSecret = row.ClientSecretProtected is not null,
        Domains = string.Join(", ", domains.Order(StringComparer.Ordinal)),
        row.LetsPeopleJoin,
        OnlySingleSignOn = row.IsRequired,
        row.RoleClaim,
        row.RoleRules,
        DefaultRole = row.DefaultRole.ToText(),
    };
}

/// <summary>One at a time for a tenant: changes of its connection, and arrivals by it.</summary>
internal static class SsoTurn
{
    public static async Task TakeAsync(UnitOfWork unit, Guid tenantId, CancellationToken cancellationToken)
    {
        await using var turn = unit.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"sso:{tenantId}");
        await turn.ExecuteNonQueryAsync(cancellationToken);
    }
}
