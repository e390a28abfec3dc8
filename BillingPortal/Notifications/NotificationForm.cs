using BillingPortal.Alerts;

namespace BillingPortal.Notifications;

/// <summary>The fields of the page, as they are typed. It saves nothing.</summary>
public sealed class NotificationForm
{
    public decimal? Threshold { get; set; }

    public bool EmailEnabled { get; set; }

    /// <summary>One address instead of the roles.</summary>
    public bool UsesAddress { get; set; }

    public string Address { get; set; } = "";

    public bool ToOwners { get; set; }

    public bool ToBillingAdmins { get; set; }

    public bool ToViewers { get; set; }

    public HashSet<string> OffKinds { get; private init; } = new(StringComparer.Ordinal);

    public static NotificationForm Of(decimal threshold, MailPreferences preferences) => new()
    {
        Threshold = threshold,
        EmailEnabled = preferences.EmailEnabled,
        UsesAddress = preferences.OverrideAddress is not null,
        Address = preferences.OverrideAddress ?? "",
        ToOwners = preferences.ToOwners,
        ToBillingAdmins = preferences.ToBillingAdmins,
        ToViewers = preferences.ToViewers,
        OffKinds = [.. preferences.OffKinds.Where(kind => MailKinds.All.Any(known => known.Code == kind))],
    };

    public NotificationForm Copy() => new()
    {
        Threshold = Threshold,
        EmailEnabled = EmailEnabled,
        UsesAddress = UsesAddress,
        Address = Address,
        ToOwners = ToOwners,
        ToBillingAdmins = ToBillingAdmins,
        ToViewers = ToViewers,
        OffKinds = [.. OffKinds],
    };

    public bool IsSameAs(NotificationForm other) =>
        Threshold == other.Threshold && ToChange().Equals(other.ToChange()) && OffKinds.SetEquals(other.OffKinds);

    /// <summary>All but the threshold. The kinds are a list of their own, compared apart.</summary>
    public MailChange ToChange(bool withKinds = false) => new()
    {
        EmailEnabled = EmailEnabled,
        OverrideAddress = UsesAddress ? Address.Trim() : "",
        ToOwners = UsesAddress ? null : ToOwners,
        ToBillingAdmins = UsesAddress ? null : ToBillingAdmins,
        ToViewers = UsesAddress ? null : ToViewers,
        OffKinds = withKinds ? [.. OffKinds] : null,
    };

    /// <summary>What is wrong with the fields; null when nothing is.</summary>
    public string? Problem(Func<decimal, string?> thresholdProblem) =>
        Threshold is not { } threshold ? "Write a threshold."
        : thresholdProblem(threshold) is { } wrong ? wrong
        : UsesAddress && MailAddresses.Parse(Address) is null
            ? "Write one email address, such as billing@example.com, or choose roles."
        : !UsesAddress && !ToOwners && !ToBillingAdmins && !ToViewers ? "Choose at least one role to write to."
        : null;
}
