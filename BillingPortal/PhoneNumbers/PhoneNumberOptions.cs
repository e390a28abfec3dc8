using System.ComponentModel.DataAnnotations;

namespace BillingPortal.PhoneNumbers;

/// <summary>Settings of the room, section <c>PhoneNumbers</c>; each default is the contract's unless it says otherwise.</summary>
public sealed record PhoneNumberOptions
{
    public const string Section = "PhoneNumbers";

    /// <summary>A suspended number's rent is tried again after so many days; at once after a top-up.</summary>
    [Range(1, 365)]
    public int RetryDays { get; set; } = 7;

    /// <summary>Numbers in one transaction. Measured: below 200 the commits weigh, above 1000 nothing is gained.</summary>
    [Range(1, 5000)]
    public int BatchNumbers { get; set; } = 500;

    /// <summary>Missed months that one run makes up for, per number; the next day's run goes on.</summary>
    [Range(1, 120)]
    public int CatchUpMonths { get; set; } = 12;

    /// <summary>Suspended numbers that one top-up brings back in its own transaction; the rest follows right after it.</summary>
    [Range(1, 5000)]
    public int ResumedPerTopUp { get; set; } = 200;

    /// <summary>An unanswered purchase or release is looked up after so long: later than any call can still be under way.</summary>
    [Range(1, 3600)]
    public int UnknownSeconds { get; set; } = 180;

    /// <summary>A number that Twilio does not have by then was not bought, and its set-up fee is set free.</summary>
    [Range(1, 1440)]
    public int GiveUpMinutes { get; set; } = 15;
}
