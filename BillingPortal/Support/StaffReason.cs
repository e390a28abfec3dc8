using BillingPortal.Providers.Payments;

namespace BillingPortal.Support;

/// <summary>Why staff moves money or credits. A closed set: reports count by it, and the tenant reads it.</summary>
public enum StaffReason
{
    RequestedByCustomer = 1,
    ServiceProblem,
    BillingError,
    Duplicate,

    /// <summary>The cardholder does not know the payment; Stripe learns from it.</summary>
    Unrecognised,
    Goodwill,
    Promotion,

    /// <summary>Of an adjustment that was wrong.</summary>
    Correction,
}

/// <summary>Which reasons fit what, and how they read.</summary>
public static class StaffReasons
{
    public static readonly IReadOnlyList<StaffReason> OfRefunds =
    [
        StaffReason.RequestedByCustomer, StaffReason.ServiceProblem, StaffReason.BillingError, StaffReason.Duplicate,
        StaffReason.Unrecognised, StaffReason.Goodwill,
    ];

    public static readonly IReadOnlyList<StaffReason> OfCredits =
    [
        StaffReason.ServiceProblem, StaffReason.BillingError, StaffReason.Goodwill, StaffReason.Promotion,
        StaffReason.Correction,
    ];

    public static readonly IReadOnlyList<StaffReason> OfDebits = [StaffReason.BillingError, StaffReason.Correction];

    /// <summary>As the tenant reads it, in front of the note.</summary>
    public static string ToText(this StaffReason reason) => reason switch
    {
        StaffReason.RequestedByCustomer => "Requested by you",
        StaffReason.ServiceProblem => "Problem with the service",
        StaffReason.BillingError => "Billing error",
        StaffReason.Duplicate => "Paid twice",
        StaffReason.Unrecognised => "Payment not recognised",
        StaffReason.Goodwill => "Goodwill",
        StaffReason.Promotion => "Promotion",
        StaffReason.Correction => "Correction",
    };

    /// <summary>As staff chooses it: "you" is the tenant there.</summary>
    public static string ToChoice(this StaffReason reason) =>
        reason is StaffReason.RequestedByCustomer ? "Requested by the tenant" : reason.ToText();

    /// <summary>Stripe knows three reasons; everything else is the customer's wish.</summary>
    public static RefundReason ToStripe(this StaffReason reason) => reason switch
    {
        StaffReason.Duplicate => RefundReason.Duplicate,
        StaffReason.Unrecognised => RefundReason.Fraudulent,
        StaffReason.RequestedByCustomer or StaffReason.ServiceProblem or StaffReason.BillingError or StaffReason.Goodwill
            or StaffReason.Promotion or StaffReason.Correction => RefundReason.RequestedByCustomer,
    };
}
