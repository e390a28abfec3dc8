using BillingPortal.Pricing;

namespace BillingPortal.Demo;

/// <summary>What a made-up tenant uses on a working day, and when. Figures only; <see cref="UsagePattern"/> makes events of them.</summary>
/// <param name="Name">Part of every reference, so that two profiles never share one.</param>
/// <param name="OpensAtUtc">The hour (UTC) at which this tenant's working day begins.</param>
/// <param name="WeekendShare">What a Saturday or Sunday has of a working day.</param>
/// <param name="CallMinutesMax">No call is longer.</param>
internal sealed record UsageProfile(
    string Name, int OpensAtUtc, double WeekendShare, decimal CallMinutesMax, IReadOnlyList<(string Service, double PerDay)> Volumes)
{
    /// <summary>Acme Voice in its past 60 days: calls, with messages and mail around them; about 330 credits on a working day.</summary>
    public static UsageProfile AcmeHistory { get; } = new("acme-history", 13, 0.45, 2.9m,
    [
        (ServiceCodes.Voice, 3.5), (ServiceCodes.SmsOutbound, 18), (ServiceCodes.SmsInbound, 16), (ServiceCodes.Email, 70),
    ]);

    /// <summary>
    /// The sample month: many small events, about 1,000 credits on a working day and 900 over the week. No event takes more than 75
    /// credits and no hour as much as 250, so that one recharge of 250 an hour always keeps up.
    /// </summary>
    public static UsageProfile AcmeMonth { get; } = new("acme-month", 13, 0.6, 2.9m,
    [
        (ServiceCodes.Voice, 3), (ServiceCodes.SmsOutbound, 30), (ServiceCodes.SmsInbound, 60), (ServiceCodes.Email, 665),
    ]);

    /// <summary>Bolt Logistics on the wallet plan: longer calls, delivery notes by fax and file; about $7 on a working day.</summary>
    public static UsageProfile BoltHistory { get; } = new("bolt-history", 6, 0.2, 14m,
    [
        (ServiceCodes.Voice, 10), (ServiceCodes.SmsOutbound, 55), (ServiceCodes.SmsInbound, 12), (ServiceCodes.Email, 40),
        (ServiceCodes.Fax, 3), (ServiceCodes.FileTransfer, 5),
    ]);
}
