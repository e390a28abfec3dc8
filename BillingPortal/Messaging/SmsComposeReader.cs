using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>What a person must know before they send.</summary>
/// <param name="Senders">Numbers in service; empty: there is none to send from.</param>
/// <param name="Price">Of one message, whatever its segments; null: SMS is not offered on the plan.</param>
public sealed record SmsTerms(IReadOnlyList<SmsSender> Senders, Amount? Price, Balance Balance)
{
    public Amount? After => Price is { } price ? Balance.Available - price : null;

    public bool IsCovered => After is { IsNegative: false } && Balance.Debt.IsZero;
}

/// <summary>Whether the person at the other end may be written to. The service judges again when it is sent.</summary>
/// <param name="Peer">E.164.</param>
/// <param name="OptOut">Null: they have not opted out of this sender.</param>
public sealed record SmsCheck(string Peer, string Country, bool IsCountryAllowed, SmsOptOut? OptOut)
{
    public bool IsAllowed => IsCountryAllowed && OptOut is null;
}

/// <summary>Reads what composing needs to say beforehand. Changes nothing and promises nothing.</summary>
public sealed class SmsComposeReader(
    Database database, SmsSenders senders, SmsSettingsService settings, PriceBook prices, BalanceReader balances,
    TimeProvider clock)
{
    public async Task<SmsTerms> ReadAsync(Guid tenantId, Unit plan, CancellationToken cancellationToken = default)
    {
        var active = (await senders.ListAsync(tenantId, cancellationToken)).Where(sender => sender.IsActive);
        var price = await prices.RateAsync(
            tenantId, plan, ServiceCodes.SmsOutbound, 1, clock.GetUtcNow(), cancellationToken);
        return new SmsTerms([.. active], price, await balances.ReadAsync(tenantId, plan, cancellationToken));
    }

    /// <summary>Null while <paramref name="to"/> is not a whole number.</summary>
    public async Task<SmsCheck?> CheckAsync(
        Guid tenantId, string? from, string? to, CancellationToken cancellationToken = default)
    {
        if (E164.Normalize(to) is not { } peer)
        {
            return null;
        }

        var country = CountryPrefixes.CountryOf(peer);
        var allowed = (await settings.ReadAsync(tenantId, cancellationToken)).CountriesInForce;
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var optOut = await work.Db.Set<SmsOptOut>().AsNoTracking().SingleOrDefaultAsync(
            row => row.TenantId == tenantId && row.Number == from && row.Peer == peer, cancellationToken);
        return new SmsCheck(peer, country, allowed.Contains(country), optOut);
    }
}
