using BillingPortal.Data;
using BillingPortal.PhoneNumbers;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace BillingPortal.Messaging;

/// <summary>The rules that need the tenant's rows, judged before anything is charged. Changes nothing.</summary>
public sealed class SmsAdmission(PhoneNumberReader numbers, MessagingOptions options)
{
    private const string Situation =
        """
        SELECT (SELECT id FROM sms_messages WHERE request_key = $1), s.countries, s.per_minute_max,
          EXISTS (SELECT FROM sms_opt_outs AS o WHERE o.tenant_id = $2 AND o.number = $3 AND o.peer = $4)
        FROM (VALUES (1)) AS one (x) LEFT JOIN sms_settings AS s ON s.tenant_id = $2
        """;

    /// <summary>A message under the same key before anything else; then the first rule that stands against it.</summary>
    internal async Task<SmsJudgement> JudgeAsync(
        UnitOfWork unit, Guid tenantId, SmsDraft draft, Guid? requestKey, CancellationToken cancellationToken)
    {
        var (number, refusal) = await SenderAsync(unit, tenantId, draft.From, cancellationToken);
        await using var command = unit.Command(Situation, requestKey, tenantId, number?.Number ?? "", draft.To);
        command.Parameters[0].NpgsqlDbType = NpgsqlDbType.Uuid;
        await command.PrepareAsync(cancellationToken); // once per connection
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.IsDBNull(0))
        {
            return new SmsJudgement(reader.GetGuid(0), null, null);
        }

        var countries = reader.IsDBNull(1) ? options.DefaultCountryList : reader.GetFieldValue<string[]>(1);
        var rule = refusal
            ?? (number!.Number == draft.To ? Oneself : null)
            ?? (countries.Contains(draft.Country) ? null : NotThere(draft.Country))
            ?? (reader.GetBoolean(3) ? OptedOut(providerCode: null) : null);
        return rule is not null
            ? new SmsJudgement(null, null, rule)
            : new SmsJudgement(
                null, new SmsPass(number!.Number, reader.IsDBNull(2) ? options.PerMinuteMax : reader.GetInt32(2)), null);
    }

    internal static Task<bool> IsOptedOutAsync(
        UnitOfWork unit, Guid tenantId, string number, string peer, CancellationToken cancellationToken) =>
        unit.Db.Set<SmsOptOut>().AnyAsync(
            row => row.TenantId == tenantId && row.Number == number && row.Peer == peer, cancellationToken);

    internal static SmsRefusal OptedOut(int? providerCode) => new(
        SmsRefusalKind.NotAllowed, "opted_out",
        "This person asked for no more messages from this number. They can write START to it to get messages again.",
        providerCode);

    private async Task<(PhoneNumber? Number, SmsRefusal? Refusal)> SenderAsync(
        UnitOfWork unit, Guid tenantId, string? from, CancellationToken cancellationToken)
    {
        var number = from is null
            ? await numbers.FirstActiveAsync(unit, tenantId, cancellationToken)
            : await numbers.FindAsync(unit, tenantId, from, cancellationToken);
        return number?.State switch
        {
            PhoneNumberState.Active => (number, null),
            PhoneNumberState.Suspended => (null, new(
                SmsRefusalKind.Conflict, "number_suspended",
                "This number is suspended because its rent could not be paid. Buy credits: it comes back by itself.")),
            PhoneNumberState.Buying => (null, new(
                SmsRefusalKind.Conflict, "number_not_ready", "This number is still being bought. Try again in a minute.")),
            PhoneNumberState.Releasing or PhoneNumberState.Released or PhoneNumberState.NotBought => (null, NotYours),
            null when from is not null => (null, NotYours),
            null => (null, new(
                SmsRefusalKind.Conflict, "no_active_number",
                "There is no phone number in service to send from. Get one on the page Phone numbers.")),
        };
    }

    private static SmsRefusal Oneself =>
        new(SmsRefusalKind.Invalid, "invalid_to", "A number cannot write to itself.");

    private static SmsRefusal NotYours => new(
        SmsRefusalKind.Invalid, "unknown_number",
        "\"from\" is not one of your numbers. Leave it out to send from your first number.");

    private static SmsRefusal NotThere(string country) => new(
        SmsRefusalKind.NotAllowed, "country_not_allowed",
        country == CountryPrefixes.Unknown
            ? "This number belongs to no country that messages can be sent to."
            : $"Messages to {country} are not switched on. Add the country to the list on the page SMS first.");
}

/// <summary>Exactly one of the three: a message under the same key, leave to send, or the rule against it.</summary>
internal sealed record SmsJudgement(Guid? EarlierId, SmsPass? Pass, SmsRefusal? Refusal);

/// <summary>May be sent: from which number, and how many a minute.</summary>
internal sealed record SmsPass(string Number, int PerMinuteMax);
