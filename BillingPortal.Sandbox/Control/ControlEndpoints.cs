using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Faults;
using BillingPortal.Sandbox.Resend;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Stripe.Objects;
using BillingPortal.Sandbox.Stripe.Payments;
using BillingPortal.Sandbox.Twilio;
using BillingPortal.Sandbox.Twilio.Phone;
using BillingPortal.Sandbox.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Sandbox.Control;

/// <summary><c>/control</c>: what tests and the control page may do behind the providers' backs.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/control");
        control.MapGet("/faults", (FaultSwitches faults) => TypedResults.Ok(faults.All));
        control.MapPost("/faults", (Fault fault, FaultSwitches faults) => TypedResults.Ok(faults.Add(fault)));
        control.MapDelete("/faults/{id}", Results<NoContent, NotFound> (string id, FaultSwitches faults) =>
            faults.Remove(id) ? TypedResults.NoContent() : TypedResults.NotFound());
        control.MapPost("/reset", ResetAsync);
        control.MapGet("/settings", (WebhookSettings settings) => TypedResults.Ok(SettingsView.Of(settings)));
        control.MapPost("/settings", ChangeSettings);
        control.MapGet("/payments", (World world) => TypedResults.Ok(PaymentsSummary.Of(world)));
        control.MapGet("/emails", (World world, string? to) => TypedResults.Ok(Emails(world, to)));
        control.MapPost("/emails/{id}/event", HappenToEmail);
        control.MapGet("/suppressions", (World world) => TypedResults.Ok(world.Run(change =>
            change.NewestFirst<Suppression>().Where(one => !one.IsLifted).ToList())));
        control.MapDelete("/suppressions/{address}", Results<NoContent, NotFound> (string address, World world) =>
            world.Run(change => Suppression.Lift(change, address))
                ? TypedResults.NoContent()
                : TypedResults.NotFound());
        control.MapPost("/challenges/{id}", AnswerChallenge);
        control.MapPost("/cards/{id}", ChangeCard);
        control.MapPost("/payments/{id}", Decide);
        control.MapWebhookControl();
        control.MapPhone();
        control.MapOverview();
        app.MapControlPage();
    }

    /// <summary>
    /// Faults, webhook switches and clock back to normal; with <c>state</c> everything is forgotten too.
    /// </summary>
    private static async Task<NoContent> ResetAsync(
        ResetRequest? request, FaultSwitches faults, WebhookSettings settings, TwilioSettings twilio, World world,
        SandboxTime time, ClockSubscribers subscribers, CancellationToken cancellationToken)
    {
        faults.Clear();
        settings.Reset();
        twilio.Reset();
        if (request?.State == true)
        {
            world.Clear();
        }

        if (time.State.OffsetMilliseconds != 0)
        {
            await subscribers.AnnounceAsync(time.Reset().Version, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    private static Ok<SettingsView> ChangeSettings(SettingsChange change, WebhookSettings settings)
    {
        settings.PortalUrl = change.PortalUrl ?? settings.PortalUrl;
        settings.ResendEnabled = change.ResendWebhooks ?? settings.ResendEnabled;
        return TypedResults.Ok(SettingsView.Of(settings));
    }

    private static List<Email> Emails(World world, string? to) => world.Run(change => change.NewestFirst<Email>()
        .Where(email => to is null || email.To.Any(one => one.Contains(to, StringComparison.OrdinalIgnoreCase)))
        .Take(200).ToList());

    private static Results<Ok<Email>, NotFound> HappenToEmail(
        string id, EmailEvent what, World world, Mailbox mailbox) =>
        world.Run(change => change.Find<Email>(id) is { } email ? mailbox.Happen(change, email, what.Event) : null)
            is { } after
                ? TypedResults.Ok(after)
                : TypedResults.NotFound();

    private static IResult AnswerChallenge(
        string id, ChallengeAnswer answer, World world, SandboxTime time, EventLog events)
    {
        try
        {
            return TypedResults.Ok(world.Run(change =>
                Challenges.Answer(SandboxCall(change, time, events), id, answer.Outcome == "complete")));
        }
        catch (StripeError refusal) when (refusal.Executed)
        {
            return TypedResults.Ok(refusal.ToJson());
        }
        catch (StripeError refusal)
        {
            return TypedResults.BadRequest(refusal.ToJson());
        }
    }

    /// <summary>The bank decides a payment in processing now instead of in some days.</summary>
    private static Results<NoContent, NotFound> Decide(
        string id, PaymentDecision decision, World world, SandboxTime time, EventLog events) => world.Run(change =>
        {
            if (change.Find<PaymentIntent>(id) is not { Status: IntentStatus.Processing } intent)
            {
                return false;
            }

            PaymentFlow.Process(SandboxCall(change, time, events), intent, decision.Outcome == "succeeded");
            return true;
        })
            ? TypedResults.NoContent()
            : TypedResults.NotFound();

    /// <summary>A card that worked goes bad, is healed, or is renewed by its network.</summary>
    private static Results<Ok<PaymentMethod>, NotFound> ChangeCard(
        string id, CardChange wish, World world, SandboxTime time, EventLog events)
    {
        var after = world.Run(change =>
        {
            if (change.Find<PaymentMethod>(id) is not { Card: { } known } before)
            {
                return null;
            }

            var card = known with
            {
                ExpMonth = wish.ExpMonth ?? known.ExpMonth,
                ExpYear = wish.ExpYear ?? known.ExpYear,
            };
            var changed = change.Put(before with
            {
                Card = card,
                ForcedDecline = wish.Decline switch { null => before.ForcedDecline, "" => null, var code => code },
            });
            if (card != known)
            {
                var call = SandboxCall(change, time, events);
                call.Emit("payment_method.automatically_updated", changed, Changes.Between(before, changed));
            }

            return changed;
        });
        return after is null ? TypedResults.NotFound() : TypedResults.Ok(after);
    }

    private static StripeCall SandboxCall(Change change, SandboxTime time, EventLog events) =>
        new() { Form = Form.Of([]), Change = change, Events = events, Now = time.GetUtcNow() };
}
