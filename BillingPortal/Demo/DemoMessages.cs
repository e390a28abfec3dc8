using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Pricing;
using BillingPortal.Usage;

namespace BillingPortal.Demo;

/// <summary>
/// Turns the SMS among a made-up tenant's usage into messages: who wrote what to whom and what became of it. The same
/// event is always the same message.
/// </summary>
public sealed class DemoMessages(SmsPast past, SmsSettingsService settings)
{
    private static readonly string[] AcmeCountries = ["US", "CA", "GB"];
    private static readonly string[] BoltCountries = ["DE", "FR", "GB", "US", "CA"];

    public static bool Takes(UsageEvent one) => one.Service is ServiceCodes.SmsOutbound or ServiceCodes.SmsInbound;

    /// <summary>Where the tenant writes to, which is more than the default.</summary>
    internal async Task SetUpAsync(DemoTenant demo, CancellationToken cancellationToken)
    {
        var countries = demo.Tenant.Plan is Unit.Credits ? AcmeCountries : BoltCountries;
        var refusal = await settings.SaveAsync(
            demo.Tenant.Id, new SmsSettingsChange(countries, AutoReply: null, PerMinuteMax: null), cancellationToken);
        if (refusal is not null)
        {
            throw new InvalidOperationException($"The SMS settings of {demo.Tenant.Slug} were not saved: {refusal.Detail}");
        }
    }

    /// <summary>Writes them; returns what is available afterwards, or null where nothing was charged.</summary>
    internal async Task<Amount?> WriteAsync(
        DemoTenant demo, IReadOnlyList<string> numbers, IReadOnlyList<UsageEvent> events,
        CancellationToken cancellationToken) => events.Count == 0
            ? null
            : await past.WriteAsync(
                demo.Tenant.Id, demo.Tenant.Plan, [.. events.Select(one => Of(demo, numbers, one))], cancellationToken);

    private static PastSms Of(DemoTenant demo, IReadOnlyList<string> numbers, UsageEvent one)
    {
        var at = one.OccurredAt ?? throw new InvalidOperationException($"{one.ReferenceId} has no time.");
        var random = new Random(BitConverter.ToInt32(Ids.FromName("demo-sms", one.ReferenceId).ToByteArray()));
        var isAcme = demo.Tenant.Plan is Unit.Credits;
        var (place, person) = (random.Next(100), random.Next(10_000));
        // The first number is the busiest.
        var number = numbers[Math.Min(random.Next(numbers.Count), random.Next(numbers.Count))];
        var peer = isAcme ? DemoTexts.AcmePerson(place, person) : DemoTexts.BoltPerson(place, person);
        if (one.Service == ServiceCodes.SmsInbound)
        {
            var isLeaving = random.Next(150) == 0;
            var leaver = isAcme ? DemoTexts.AcmeLeaver(person) : DemoTexts.BoltLeaver(person);
            return new PastSms(
                SmsDirection.Inbound, number, isLeaving ? leaver : peer,
                isLeaving ? DemoTexts.Stop : Pick(isAcme ? DemoTexts.AcmeHears : DemoTexts.BoltHears, random),
                at, one.ReferenceId, SmsState.Received);
        }

        var (end, code) = EndOf(random.Next(1_000));
        return new PastSms(
            SmsDirection.Outbound, number, peer, Pick(isAcme ? DemoTexts.AcmeSays : DemoTexts.BoltSays, random),
            at, one.ReferenceId, end, code);
    }

    // Most arrive; some phones are off, some numbers gone, some texts filtered, and some networks never report.
    private static (SmsState End, int? Code) EndOf(int draw) => draw switch
    {
        < 14 => (SmsState.Undelivered, 30003),
        < 21 => (SmsState.Undelivered, 30005),
        < 25 => (SmsState.Undelivered, 30006),
        < 30 => (SmsState.Failed, 30007),
        < 50 => (SmsState.Sent, null),
        _ => (SmsState.Delivered, null),
    };

    private static string Pick(IReadOnlyList<string> texts, Random random) => texts[random.Next(texts.Count)];
}
