using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Demo;

/// <summary>Who is in the demo: two tenants, their people and keys, and the platform's staff. Names are made up.</summary>
public sealed class DemoTenants(TenantService tenants)
{
    /// <summary>Of everybody in the demo; shown on the sign-in page of the sandbox.</summary>
    public const string Password = "sandbox-Passw0rd";

    internal async Task<DemoTenant> CreateAcmeAsync(CancellationToken cancellationToken)
    {
        var acme = await tenants.CreateAsync(
            new NewTenant("acme", "Acme Voice", Unit.Credits, "America/New_York", "billing@acme.example"), cancellationToken);
        await AddAsync(acme, "owner@acme.example", "Olivia Marsh", MemberRole.Owner, cancellationToken);
        var buyer = await AddAsync(acme, "admin@acme.example", "Adam Reyes", MemberRole.BillingAdmin, cancellationToken);
        await AddAsync(acme, "viewer@acme.example", "Vera Lind", MemberRole.Viewer, cancellationToken);
        await AddKeyAsync(acme, "bp_sandbox_acme_full_access", cancellationToken);
        return new DemoTenant(acme, buyer, UsageProfile.AcmeHistory);
    }

    internal async Task<DemoTenant> CreateBoltAsync(CancellationToken cancellationToken)
    {
        var bolt = await tenants.CreateAsync(
            new NewTenant("bolt", "Bolt Logistics", Unit.Usd, "Europe/Berlin", "accounts@bolt.example"), cancellationToken);
        var buyer = await AddAsync(bolt, "admin@bolt.example", "Bruno Keller", MemberRole.Owner, cancellationToken);
        await AddKeyAsync(bolt, "bp_sandbox_bolt_full_access", cancellationToken);
        return new DemoTenant(bolt, buyer, UsageProfile.BoltHistory);
    }

    internal async Task CreateStaffAsync(CancellationToken cancellationToken)
    {
        await tenants.AddStaffAsync(new NewPerson("agent@portal.example", "Sam Porter", Password), StaffRole.Agent, cancellationToken);
        await tenants.AddStaffAsync(new NewPerson("lead@portal.example", "Lena Hoff", Password), StaffRole.Lead, cancellationToken);
    }

    private Task<Guid> AddAsync(
        Tenant tenant, string email, string name, MemberRole role, CancellationToken cancellationToken) =>
        tenants.AddMemberAsync(tenant.Id, new NewPerson(email, name, Password), role, cancellationToken);

    private Task<NewApiKey> AddKeyAsync(Tenant tenant, string key, CancellationToken cancellationToken) =>
        tenants.CreateApiKeyAsync(tenant.Id, "Full access (sandbox)", ApiScopes.All, key, cancellationToken);
}

/// <summary>A made-up tenant, the person who buys for it, and what it uses.</summary>
internal sealed record DemoTenant(Tenant Tenant, Guid BuyerId, UsageProfile Profile);
