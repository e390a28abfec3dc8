using BillingPortal.Data;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Voice;

/// <summary>
/// Whose call it is: whose it was at its first word, else whose number it is on our side, else who reserved for it by
/// name. Changes nothing.
/// </summary>
public sealed class CallOwners(Database database, PhoneNumberReader numbers, TenantReader tenants)
{
    internal async Task<Tenant?> FindAsync(CallNews news, CancellationToken cancellationToken)
    {
        var owner = await KnownAsync(news.CallSid, cancellationToken)
            ?? (await numbers.FindOwnerAsync(news.OwnNumber, cancellationToken))?.TenantId
            ?? await HolderAsync(news.CallSid, cancellationToken);
        return owner is { } tenantId ? await tenants.FindAsync(tenantId, cancellationToken) : null;
    }

    private async Task<Guid?> KnownAsync(string callSid, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<VoiceCall>().Where(call => call.CallSid == callSid)
            .Select(call => (Guid?)call.TenantId).SingleOrDefaultAsync(cancellationToken);
    }

    // Two tenants that name the same call cannot both be right; then it is nobody's.
    private async Task<Guid?> HolderAsync(string callSid, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var holders = await unit.Db.Set<Hold>()
            .Where(hold => hold.Reference == callSid && hold.Service == ServiceCodes.Voice)
            .Select(hold => hold.TenantId).Distinct().Take(2).ToListAsync(cancellationToken);
        return holders is [var only] ? only : null;
    }
}
