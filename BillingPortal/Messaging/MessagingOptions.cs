using System.ComponentModel.DataAnnotations;

namespace BillingPortal.Messaging;

/// <summary>Settings of section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>A message that did not arrive costs nothing (contract, "SMS and phone numbers").</summary>
    public bool RefundFailed { get; init; } = true;

    /// <summary>
    /// Where a tenant may send that has no list of its own: where one price per message is the rule and numbers are sold.
    /// Wider lists invite strangers to run up traffic to costly destinations.
    /// </summary>
    public string DefaultCountries { get; init; } = "US,CA";

    /// <summary>Messages a tenant may send within one minute unless its settings say otherwise.</summary>
    [Range(1, 100_000)]
    public int PerMinuteMax { get; init; } = 600;

    /// <summary>The most a tenant may set for itself.</summary>
    [Range(1, 1_000_000)]
    public int PerMinuteLimit { get; init; } = 60_000;

    /// <summary>
    /// After that a send without an answer is looked up: longer than a call to the provider takes with its repeats.
    /// </summary>
    [Range(30, 3600)]
    public int LookUpAfterSeconds { get; init; } = 180;

    /// <summary>A message that the provider does not know after that, in several looks, was not sent.</summary>
    [Range(1, 1440)]
    public int GiveUpMinutes { get; init; } = 15;

    /// <summary>Looks before a message without an answer counts as not sent.</summary>
    [Range(1, 20)]
    public int LooksMin { get; init; } = 3;

    /// <summary>A message without its end for that long is looked up; then after twice as long, and so on.</summary>
    [Range(1, 1440)]
    public int StaleMinutes { get; init; } = 60;

    /// <summary>
    /// After that nobody asks any more: the message stays as it is, without a report. Networks try for 3 days at most.
    /// </summary>
    [Range(1, 30)]
    public int ReportDaysMax { get; init; } = 4;

    /// <summary>Messages of one run of the sweep.</summary>
    [Range(1, 10_000)]
    public int SweepMax { get; init; } = 500;

    internal string[] DefaultCountryList =>
        DefaultCountries.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    internal TimeSpan LookUpAfter => TimeSpan.FromSeconds(LookUpAfterSeconds);

    internal TimeSpan GiveUpAfter => TimeSpan.FromMinutes(GiveUpMinutes);

    internal TimeSpan StaleAfter => TimeSpan.FromMinutes(StaleMinutes);
}
