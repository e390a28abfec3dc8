using BillingPortal.Kernel;

namespace BillingPortal.PhoneNumbers;

/// <summary>A rent that the job will ask for, at the price that is known today.</summary>
/// <param name="IsRetry">The number is suspended: at this time its rent is tried again, earlier after a top-up.</param>
public sealed record UpcomingRent(
    Guid NumberId, string Number, string? Label, DateTimeOffset DueAt, Amount Amount, bool IsRetry);
