using BillingPortal.Data;
using BillingPortal.Tenants.SingleSignOn;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants;

/// <summary>
/// Reads tenants and their people for the operator's side (jobs, mail, staff, sign-in). Changes nothing.
/// </summary>
public sealed class TenantReader(Database database)
{
    public async Task<Tenant?> FindAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Tenant>().AsNoTracking().SingleOrDefaultAsync(tenant => tenant.Id == id, cancellationToken);
    }

    public async Task<Tenant?> FindBySlugAsync(string slug, CancellationToken cancellationToken = default)
    {
        if (slug.Contains('\0', StringComparison.Ordinal))
        {
            return null; // PostgreSQL would not even compare it
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Tenant>().AsNoTracking().SingleOrDefaultAsync(tenant => tenant.Slug == slug, cancellationToken);
    }

    /// <summary>Everybody who belongs to the tenant, by email address.</summary>
    public async Task<IReadOnlyList<Recipient>> PeopleAsync(
        Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from member in unit.Db.Set<Member>()
                      join user in unit.Db.Set<User>() on member.UserId equals user.Id
                      where member.TenantId == tenantId
                      orderby user.Email
                      select new Recipient(user.Id, user.Email, user.Name, member.Role)).ToListAsync(cancellationToken);
    }

    /// <summary>The tenants of one person, by name.</summary>
    public async Task<IReadOnlyList<Membership>> MembershipsAsync(
        Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await (from member in unit.Db.Set<Member>()
                      join tenant in unit.Db.Set<Tenant>() on member.TenantId equals tenant.Id
                      where member.UserId == userId
                      orderby tenant.Name
                      join connection in unit.Db.Set<SsoConnection>() on tenant.Id equals connection.TenantId into connections
                      from sso in connections.DefaultIfEmpty()
                      select new Membership(tenant, member.Role)
                      {
                          HasSingleSignOn = sso != null,
                          NeedsSingleSignOn = sso != null && sso.IsRequired && member.Role != MemberRole.Owner,
                      }).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>The first <paramref name="most"/> tenants by name, with how many people each has.</summary>
    public async Task<IReadOnlyList<TenantSummary>> ListAsync(int most, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Tenant>().AsNoTracking().OrderBy(tenant => tenant.Name).Take(most)
            .Select(tenant => new TenantSummary(tenant, unit.Db.Set<Member>().Count(member => member.TenantId == tenant.Id)))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Null unless the person is of the platform's own staff.</summary>
    public async Task<StaffRole?> StaffRoleAsync(Guid userId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var staff = await unit.Db.Set<StaffMember>().AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken);
        return staff?.Role;
    }
}

/// <summary>A person to write to.</summary>
public sealed record Recipient(Guid UserId, string Email, string Name, MemberRole Role);

/// <summary>A tenant of one person, and the person's role there.</summary>
public sealed record Membership(Tenant Tenant, MemberRole Role)
{
    /// <summary>True where the tenant's people may come in by single sign-on.</summary>
    public bool HasSingleSignOn { get; init; }

    /// <summary>True where this person may come in by nothing else.</summary>
    public bool NeedsSingleSignOn { get; init; }
}

/// <summary>A tenant in a list.</summary>
public sealed record TenantSummary(Tenant Tenant, int Members);
