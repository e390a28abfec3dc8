using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.Tenants.SingleSignOn;

/// <summary>
/// A support lead's word on whose domain it is, given after looking: what a tenant says of itself proves nothing. Each change commits with
/// its line in the audit log.
/// </summary>
public sealed class SsoDomainService(Database database, AuditLog audit, TimeProvider clock)
{
    public Task<SsoOutcome> ConfirmAsync(Guid tenantId, string domain, Actor lead, CancellationToken cancellationToken = default) =>
        SetAsync(tenantId, domain, lead, isConfirmed: true, cancellationToken);

    public Task<SsoOutcome> WithdrawAsync(Guid tenantId, string domain, Actor lead, CancellationToken cancellationToken = default) =>
        SetAsync(tenantId, domain, lead, isConfirmed: false, cancellationToken);

    private async Task<SsoOutcome> SetAsync(
        Guid tenantId, string domain, Actor lead, bool isConfirmed, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await SsoTurn.TakeAsync(unit, tenantId, cancellationToken);
        if (!await unit.Db.Set<StaffMember>().AnyAsync(one => one.UserId == lead.Id && one.Role == StaffRole.Lead, cancellationToken))
        {
            return SsoOutcome.NotAllowed;
        }

        var row = await unit.Db.Set<SsoDomain>()
            .SingleOrDefaultAsync(one => one.TenantId == tenantId && one.Domain == domain, cancellationToken);
        if (row is null || isConfirmed == row.ConfirmedAt is not null)
        {
            return SsoOutcome.NotThere;
        }

        row.ConfirmedAt = isConfirmed ? clock.GetUtcNow() : null;
        row.ConfirmedBy = isConfirmed ? lead.Name : null;
        audit.Record(unit, new AuditRecord(
            tenantId, lead, isConfirmed ? "sso.domain_confirmed" : "sso.domain_withdrawn", "sso_domain", domain,
            isConfirmed ? $"{domain} is confirmed as this account's own." : $"{domain} is no longer confirmed as this account's own."));
        try
        {
            await unit.CommitAsync(cancellationToken);
            return SsoOutcome.Done;
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation,
        })
        {
            return SsoOutcome.TakenByAnother;
        }
    }
}
