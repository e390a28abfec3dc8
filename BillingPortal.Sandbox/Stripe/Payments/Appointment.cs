using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>Something Stripe does later by itself to the object of the same id.</summary>
internal sealed record Appointment : IRecord
{
    public required string Id { get; init; }

    public long DueAt { get; init; }

    public bool IsKept { get; init; }

    public static void Make(StripeCall call, string id, long dueAt) =>
        call.Change.Put(new Appointment { Id = id, DueAt = dueAt });
}
