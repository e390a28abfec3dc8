using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Documents.Billing;

/// <summary>
/// A seller or a customer as a document shows them. Kept with the document: what was issued does not change with an
/// address.
/// </summary>
public sealed record Party(
    string Name, IReadOnlyList<string> Address, string? Country, string? VatId, string? Email = null)
{
    /// <summary>The lines of an address block, the name first.</summary>
    internal IReadOnlyList<string> Lines() =>
    [
        Name, .. Address,
        .. Countries.Find(Country) is { } country ? [country.Name] : Array.Empty<string>(),
        .. VatId is { Length: > 0 } ? [$"VAT id {VatId}"] : Array.Empty<string>(),
    ];
}

/// <summary>Stores a party as JSON.</summary>
internal static class PartyColumn
{
    public static void HasParty<T>(
        this EntityTypeBuilder<T> entity, System.Linq.Expressions.Expression<Func<T, Party>> property)
        where T : class =>
        entity.Property(property).HasColumnType("jsonb").HasConversion(
            party => JsonSerializer.Serialize(party, JsonSerializerOptions.Web),
            json => JsonSerializer.Deserialize<Party>(json, JsonSerializerOptions.Web)!);
}
