using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Checkout;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Stripe.Objects;
using BillingPortal.Sandbox.Twilio.Voice;

namespace BillingPortal.Sandbox.Stripe.Payments;

/// <summary>
/// Does what is due on the sandbox's clock: expires Checkout Sessions, settles refunds, ends payments in processing and
/// phone calls.
/// </summary>
internal sealed class AppointmentKeeper(World world, SandboxTime time, EventLog events, PhoneCalls calls) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    /// <summary>Keeps all that are due now.</summary>
    public void Keep() => world.Run(change =>
    {
        var now = time.UnixSeconds;
        var due = change.NewestFirst<Appointment>().Where(one => !one.IsKept && one.DueAt <= now).Reverse().ToList();
        var call = new StripeCall { Form = Form.Of([]), Change = change, Events = events, Now = time.GetUtcNow() };
        foreach (var appointment in due)
        {
            change.Put(appointment with { IsKept = true });
            Act(call, appointment.Id);
        }

        return due.Count;
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Between);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Keep();
        }
    }

    private void Act(StripeCall call, string id)
    {
        if (call.Change.Find<CheckoutSession>(id) is { } session)
        {
            CheckoutFlow.Expire(call, session);
        }
        else if (call.Change.Find<Refund>(id) is { } refund)
        {
            Refunds.Settle(call, refund);
        }
        else if (call.Change.Find<PaymentIntent>(id) is { ProcessedAt: not null } intent)
        {
            PaymentFlow.Process(call, intent);
        }
        else if (call.Change.Find<PhoneCall>(id) is { } phoneCall)
        {
            calls.HangUp(call.Change, phoneCall);
        }
    }
}
