using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>Reads connections. Changes nothing.</summary>
public sealed class SsoReader(Database database)
{
    private const int DomainsShown = 500;
    private const int PeopleShown = 200;

    /// <summary>The tenant's own connection with its domains and the people it knows, under the tenant's role where it may.</summary>
    public async Task<SsoBoard> BoardAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var connection = await unit.Db.Set<SsoConnection>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
        var domains = await unit.Db.Set<SsoDomain>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderBy(row => row.Domain).ToListAsync(cancellationToken);
        var slug = await unit.Db.Set<Tenant>().Where(row => row.Id == tenantId).Select(row => row.Slug).SingleAsync(cancellationToken);
        var people = connection is null ? [] : await (
            from identity in unit.Db.Set<SsoIdentity>()
            join user in unit.Db.Set<User>() on identity.UserId equals user.Id
            where identity.TenantId == tenantId && identity.Issuer == connection.Issuer
            orderby identity.LastSignInAt descending
            select new SsoPerson(user.Id, user.Name, user.Email, identity.LastSignInAt)).Take(PeopleShown).ToListAsync(cancellationToken);
        return new SsoBoard(slug, connection, domains, people);
    }

    /// <summary>The connection that a tenant's short name leads to.</summary>
    public async Task<SsoDoor?> BySlugAsync(string slug, CancellationToken cancellationToken = default)
    {
        if (slug.Contains('\0', StringComparison.Ordinal))
        {
            return null; // PostgreSQL would not even compare it
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from tenant in unit.Db.Set<Tenant>()
                      join connection in unit.Db.Set<SsoConnection>() on tenant.Id equals connection.TenantId
                      where tenant.Slug == slug
                      select new SsoDoor(tenant.Slug, tenant.Name, connection)).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Where people with an address of that domain sign in. Domains that nobody has confirmed lead nowhere.</summary>
    public async Task<SsoDoor?> ByDomainAsync(string domain, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from confirmed in unit.Db.Set<SsoDomain>()
                      join connection in unit.Db.Set<SsoConnection>() on confirmed.TenantId equals connection.TenantId
                      join tenant in unit.Db.Set<Tenant>() on confirmed.TenantId equals tenant.Id
                      where confirmed.Domain == domain && confirmed.ConfirmedAt != null
                      select new SsoDoor(tenant.Slug, tenant.Name, connection)).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>All tenants' domains for the staff: those that wait first, oldest first.</summary>
    public async Task<IReadOnlyList<SsoClaim>> ClaimsAsync(CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from domain in unit.Db.Set<SsoDomain>()
                      join tenant in unit.Db.Set<Tenant>() on domain.TenantId equals tenant.Id
                      join connection in unit.Db.Set<SsoConnection>() on domain.TenantId equals connection.TenantId
                      orderby domain.ConfirmedAt != null, domain.CreatedAt, domain.Domain
                      select new SsoClaim(domain, tenant.Id, tenant.Name, connection.Issuer))
            .AsNoTracking().Take(DomainsShown).ToListAsync(cancellationToken);
    }
}

/// <summary>A tenant's single sign-on as its owners see it.</summary>
public sealed record SsoBoard(
    string Slug, SsoConnection? Connection, IReadOnlyList<SsoDomain> Domains, IReadOnlyList<SsoPerson> People);

/// <summary>A connection with the tenant that it belongs to.</summary>
public sealed record SsoDoor(string Slug, string TenantName, SsoConnection Connection);

/// <summary>Somebody whom the issuer knows.</summary>
public sealed record SsoPerson(Guid UserId, string Name, string Email, DateTimeOffset LastSignInAt);

/// <summary>A domain that a tenant calls its own.</summary>
public sealed record SsoClaim(SsoDomain Domain, Guid TenantId, string TenantName, string Issuer);
