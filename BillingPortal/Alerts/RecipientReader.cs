using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Alerts;

/// <summary>Says who is written to: the tenant's preferences, applied to its people. Changes nothing.</summary>
public sealed class RecipientReader(Database database, TenantReader tenants)
{
    public async Task<Recipients> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        var people = await tenants.PeopleAsync(tenantId, cancellationToken);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var preferences = await unit.Db.Set<MailPreferences>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken)
            ?? new MailPreferences { TenantId = tenantId };
        var flags = await unit.Db.Set<FlaggedAddress>().AsNoTracking()
            .Where(row => row.TenantId == tenantId && row.ClearedAt == null)
            .ToDictionaryAsync(row => row.Address, cancellationToken);
        List<string> addresses = preferences.OverrideAddress is { } address
            ? [address]
            : [.. people.Where(person => preferences.WritesTo(person.Role)).Select(person => person.Email)];
        return new Recipients(
            preferences, people,
            [
                .. addresses.DistinctBy(MailAddresses.Normalize).Select(one =>
                    new MailTarget(one, flags.GetValueOrDefault(MailAddresses.Normalize(one)))),
            ]);
    }
}

/// <summary>Who is written to, and who belongs to the tenant at all.</summary>
public sealed record Recipients(
    MailPreferences Preferences, IReadOnlyList<Recipient> People, IReadOnlyList<MailTarget> Targets)
{
    /// <summary>Flags of those who would be written to.</summary>
    public IReadOnlyList<FlaggedAddress> Dead => [.. Targets.Select(target => target.Flag).OfType<FlaggedAddress>()];

    /// <summary>Whether anybody can be reached.</summary>
    public bool ReachesSomebody => Targets.Any(target => !target.IsFlagged);
}

/// <summary>An address to write to, and the flag that forbids it.</summary>
public sealed record MailTarget(string Address, FlaggedAddress? Flag)
{
    public bool IsFlagged => Flag is not null;
}
