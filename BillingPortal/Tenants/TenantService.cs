using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tenants;

/// <summary>Makes tenants and people. Every method commits, and is safe to repeat unless it says otherwise.</summary>
public sealed class TenantService(
    Database database, LedgerWriter ledger, ApiKeys keys, IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>A new tenant with both of its accounts open. Not repeatable: a slug in use throws.</summary>
    public async Task<Tenant> CreateAsync(NewTenant request, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var tenant = await CreateAsync(unit, request, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return tenant;
    }

    /// <summary>The same inside the operator's unit of work, which commits.</summary>
    public async Task<Tenant> CreateAsync(UnitOfWork unit, NewTenant request, CancellationToken cancellationToken = default)
    {
        var tenant = new Tenant
        {
            Id = request.Id ?? Ids.New(),
            Slug = request.Slug,
            Name = request.Name,
            Plan = request.Plan,
            SettlementMode = request.SettlementMode,
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(request.TimeZone).Id,
            BillingEmail = request.BillingEmail,
            CreatedAt = clock.GetUtcNow(),
        };
        if (await unit.Db.Set<Tenant>().AnyAsync(row => row.Slug == tenant.Slug, cancellationToken))
        {
            throw new InvalidOperationException($"There is a tenant with the short name '{tenant.Slug}' already.");
        }

        unit.Db.Add(tenant);
        await unit.Db.SaveChangesAsync(cancellationToken);
        await ledger.OpenAccountsAsync(unit, tenant.Id, cancellationToken);
        return tenant;
    }

    /// <summary>
    /// Gives a person a role with the tenant, and makes the person if the address is new. An existing person keeps
    /// name and password.
    /// </summary>
    public async Task<Guid> AddMemberAsync(
        Guid tenantId, NewPerson person, MemberRole role, CancellationToken cancellationToken = default)
    {
        var userId = await FindOrCreateAsync(person);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var member = await unit.Db.Set<Member>()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId && row.UserId == userId, cancellationToken);
        if (member is null)
        {
            unit.Db.Add(new Member { TenantId = tenantId, UserId = userId, Role = role, CreatedAt = clock.GetUtcNow() });
        }
        else
        {
            member.Role = role;
        }

        await unit.CommitAsync(cancellationToken);
        return userId;
    }

    /// <summary>Makes a person of the platform's own staff.</summary>
    public async Task<Guid> AddStaffAsync(
        NewPerson person, StaffRole role, CancellationToken cancellationToken = default)
    {
        var userId = await FindOrCreateAsync(person);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var staff = await unit.Db.Set<StaffMember>().SingleOrDefaultAsync(row => row.UserId == userId, cancellationToken);
        if (staff is null)
        {
            unit.Db.Add(new StaffMember { UserId = userId, Role = role, CreatedAt = clock.GetUtcNow() });
        }
        else
        {
            staff.Role = role;
        }

        await unit.CommitAsync(cancellationToken);
        return userId;
    }

    /// <summary>
    /// For the command <c>create-admin</c>: the owner of the tenant with that slug (made when missing, named
    /// <paramref name="tenantName"/>), or without a slug a support lead.
    /// </summary>
    public async Task<Guid> CreateAdminAsync(
        NewPerson person, string? tenantSlug, string? tenantName, Unit plan, CancellationToken cancellationToken = default)
    {
        if (tenantSlug is null)
        {
            return await AddStaffAsync(person, StaffRole.Lead, cancellationToken);
        }

        Tenant? tenant;
        await using (var unit = await database.BeginOpsAsync(cancellationToken))
        {
            tenant = await unit.Db.Set<Tenant>().AsNoTracking().SingleOrDefaultAsync(row => row.Slug == tenantSlug, cancellationToken);
        }

        tenant ??= await CreateAsync(new NewTenant(tenantSlug, tenantName ?? tenantSlug, plan), cancellationToken);
        return await AddMemberAsync(tenant.Id, person, MemberRole.Owner, cancellationToken);
    }

    /// <summary>A key whose text is shown once; <paramref name="fixedKey"/> is for the sandbox's known keys.</summary>
    public Task<NewApiKey> CreateApiKeyAsync(
        Guid tenantId, string name, ApiScopes scopes, string? fixedKey = null, CancellationToken cancellationToken = default) =>
        keys.CreateAsync(tenantId, name, scopes, fixedKey, cancellationToken);

    // Identity's manager lives as long as a request; this service is used beside requests as well.
    private async Task<Guid> FindOrCreateAsync(NewPerson person)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        if (await users.FindByEmailAsync(person.Email) is { } existing)
        {
            return existing.Id;
        }

        var user = new User { Id = Ids.New(), Email = person.Email, Name = person.Name, CreatedAt = clock.GetUtcNow() };
        var result = await users.CreateAsync(user, person.Password);
        return result.Succeeded
            ? user.Id
            : throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }
}

/// <summary>What a tenant starts with. <paramref name="Id"/> is given only where it must be known beforehand.</summary>
public sealed record NewTenant(
    string Slug, string Name, Unit Plan, string TimeZone = "UTC", string? BillingEmail = null, Guid? Id = null,
    SettlementMode SettlementMode = SettlementMode.Monthly);

/// <summary>A person to be made. The password is checked against the sign-in rules.</summary>
public sealed record NewPerson(string Email, string Name, string Password);
