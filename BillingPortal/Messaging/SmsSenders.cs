using BillingPortal.Data;
using BillingPortal.PhoneNumbers;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>One of the tenant's numbers, as this room needs it.</summary>
/// <param name="Label">What the tenant calls it; null: nothing.</param>
/// <param name="IsActive">It can send now.</param>
public sealed record SmsSender(string Number, string? Label, bool IsActive)
{
    public string Text => Label is null ? Number : $"{Number} ({Label})";
}

/// <summary>Reads which numbers a tenant has or had. Changes nothing.</summary>
public sealed class SmsSenders(Database database)
{
    private const int NumbersMax = 1_000;

    /// <summary>Those in service first, then by how long they have been the tenant's.</summary>
    public async Task<IReadOnlyList<SmsSender>> ListAsync(
        Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        var numbers = await work.Db.Set<PhoneNumber>().AsNoTracking()
            .Where(number => number.TenantId == tenantId && number.AcquiredAt != null)
            .OrderByDescending(number => number.State == PhoneNumberState.Active)
            .ThenBy(number => number.AcquiredAt).ThenBy(number => number.Id)
            .Take(NumbersMax)
            .Select(number => new { number.Number, number.Label, number.State }).ToListAsync(cancellationToken);
        return [.. numbers.DistinctBy(number => number.Number).Select(number => new SmsSender(
            number.Number, number.Label, number.State is PhoneNumberState.Active))];
    }
}
