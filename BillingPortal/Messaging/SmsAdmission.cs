using BillingPortal.Data;
using BillingPortal.PhoneNumbers;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>The rules that need the tenant's rows, judged before anything is charged. Changes nothing.</summary>
public sealed class SmsAdmission(PhoneNumberReader numbers, MessagingOptions options)
{
    /// <summary>The sending number and the limit per minute, or the first rule that stands against it.</summary>
    internal async Task<(SmsPass? Pass, SmsRefusal? Refusal)> JudgeAsync(
        UnitOfWork unit, Guid tenantId, SmsDraft draft, CancellationToken cancellationToken)
    {
        var (number, refusal) = await SenderAsync(unit, tenantId, draft.From, cancellationToken);
        if (number is null)
        {
            return (null, refusal);
        }

        if (number.Number == draft.To)
        {
            return (null, new(SmsRefusalKind.Invalid, "invalid_to", "A number cannot write to itself."));
        }

        var settings = await unit.Db.Set<SmsSettings>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
        if (!(settings?.Countries ?? options.DefaultCountryList).Contains(draft.Country))
        {
            return (null, NotThere(draft.Country));
        }

        if (await IsOptedOutAsync(unit, tenantId, number.Number, draft.To, cancellationToken))
        {
            return (null, OptedOut(providerCode: null));
        }

        return (new SmsPass(number.Number, settings?.PerMinuteMax ?? options.PerMinuteMax), null);
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

    private static SmsRefusal NotYours => new(
        SmsRefusalKind.Invalid, "unknown_number",
        "\"from\" is not one of your numbers. Leave it out to send from your first number.");

    private static SmsRefusal NotThere(string country) => new(
        SmsRefusalKind.NotAllowed, "country_not_allowed",
        country == CountryPrefixes.Unknown
            ? "This number belongs to no country that messages can be sent to."
            : $"Messages to {country} are not switched on. Add the country to the list on the page SMS first.");
}

/// <summary>May be sent: from which number, and how many a minute.</summary>
internal sealed record SmsPass(string Number, int PerMinuteMax);
