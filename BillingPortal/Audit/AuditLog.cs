using System.Text.Json;
using System.Text.Json.Serialization;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;

namespace BillingPortal.Audit;

/// <summary>
/// Writes down who changed what, in the transaction of the change: neither stands without the other. Never commits, never alters what
/// is written.
/// </summary>
public sealed class AuditLog(TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new AmountWords() },
    };

    /// <summary>Adds the record to the unit of work; the caller's commit writes it. Under a tenant's role the record must be the
    /// tenant's own.</summary>
    public void Record(UnitOfWork unit, AuditRecord record)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(record.Action);
        ArgumentException.ThrowIfNullOrWhiteSpace(record.SubjectType);
        ArgumentException.ThrowIfNullOrWhiteSpace(record.Summary);
        unit.Db.Add(new AuditLine
        {
            Id = Ids.New(),
            At = clock.GetUtcNow(),
            TenantId = record.TenantId,
            ActorKind = record.Actor.Kind,
            ActorId = record.Actor.Id,
            ActorName = Cut(record.Actor.Name, AuditLineMap.NameMax),
            Action = record.Action,
            SubjectType = record.SubjectType,
            SubjectId = record.SubjectId,
            Summary = Cut(record.Summary, AuditLineMap.SummaryMax),
            Before = ToJson(record.Before),
            After = ToJson(record.After),
        });
    }

    /// <summary>True when both would be written the same.</summary>
    internal static bool IsSame(object? before, object? after) => ToJson(before) == ToJson(after);

    private static string? ToJson(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), Json);

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..(max - 1)] + "…";

    // Records are read by people: an amount stands there with its unit, exact.
    private sealed class AmountWords : JsonConverter<Amount>
    {
        public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("The audit log is read by people.");

        public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options) =>
            writer.WriteStringValue(AmountFormat.Text(value));
    }
}

/// <summary>What to write down about a change.</summary>
/// <param name="TenantId">Whom it concerns; null for the platform as a whole (then only staff sees it).</param>
/// <param name="Actor">Who did it: <c>current.Actor</c>.</param>
/// <param name="Action">Lower case, dotted, subject first: <c>price.changed</c>.</param>
/// <param name="SubjectType">What was changed: <c>price</c>.</param>
/// <param name="SubjectId">Which one.</param>
/// <param name="Summary">One plain sentence with the figures.</param>
/// <param name="Before">Becomes JSON; flat records with readable values read best. Never secrets, card data or message texts.</param>
/// <param name="After">As before.</param>
public sealed record AuditRecord(
    Guid? TenantId, Actor Actor, string Action, string SubjectType, string SubjectId, string Summary, object? Before = null,
    object? After = null);
