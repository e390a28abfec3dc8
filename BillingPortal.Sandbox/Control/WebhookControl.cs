using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Payments;
using BillingPortal.Sandbox.Twilio.Messages;
using BillingPortal.Sandbox.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Sandbox.Control;

/// <summary><c>/control/webhooks</c>: hold, release, spoil and repeat what the providers send.</summary>
internal static class WebhookControl
{
    private const int ShownMax = 200;
    private static readonly TimeSpan IdlePatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    public static void MapWebhookControl(this IEndpointRouteBuilder control)
    {
        control.MapGet("/webhooks", (World world) => TypedResults.Ok(Recent(world)));
        control.MapPost("/webhooks", Spoil);
        control.MapDelete("/webhooks", ClearRules);
        control.MapPost("/webhooks/hold", Hold);
        control.MapPost("/webhooks/release", ReleaseAsync);
        control.MapPost("/webhooks/idle", IdleAsync);
        control.MapPost("/events/{id}/resend", Resend);
    }

    private static Ok<SettingsView> Spoil(WebhookRule rule, WebhookSettings settings)
    {
        settings.Add(rule);
        return TypedResults.Ok(SettingsView.Of(settings));
    }

    /// <summary>No rule any more; what a rule for reordering has kept so far is sent.</summary>
    private static NoContent ClearRules(WebhookSettings settings, WebhookOutbox outbox)
    {
        settings.ClearRules();
        outbox.SendReordered();
        return TypedResults.NoContent();
    }

    private static Ok<SettingsView> Hold(WebhookSettings settings)
    {
        settings.Hold = true;
        return TypedResults.Ok(SettingsView.Of(settings));
    }

    /// <summary>Sends what was held, one after the other; answers when each was tried once.</summary>
    private static async Task<Ok<int>> ReleaseAsync(
        ReleaseRequest? request, WebhookSettings settings, World world, WebhookSender sender)
    {
        settings.Hold = false;
        var released = world.Run(change =>
        {
            var held = change.NewestFirst<WebhookDelivery>()
                .Where(one => one.State == DeliveryState.Held)
                .ToList();
            held.ForEach(one => change.Put(one with { State = DeliveryState.Pending }));
            return held.ConvertAll(one => one.Id);
        });
        if (request?.Order != "reverse")
        {
            released.Reverse();
        }

        await sender.SendInOrderAsync(released);
        return TypedResults.Ok(released.Count);
    }

    /// <summary>Answers true when everything due was tried, false after 20 seconds.</summary>
    private static async Task<Ok<bool>> IdleAsync(
        WebhookSender sender, MessageLife messages, AppointmentKeeper appointments,
        CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var left = IdlePatience;
        while (left > TimeSpan.Zero)
        {
            appointments.Keep();
            messages.RunDue();
            await sender.IdleAsync(left);
            if (!messages.IsBusy && !sender.IsBusy)
            {
                return TypedResults.Ok(true);
            }

            await Task.Delay(BetweenLooks, cancellationToken);
            left = IdlePatience - TimeProvider.System.GetElapsedTime(begun);
        }

        return TypedResults.Ok(false);
    }

    private static Results<NoContent, NotFound> Resend(string id, World world, WebhookOutbox outbox) =>
        world.Run(change => outbox.Resend(change, id)) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static List<WebhookDelivery> Recent(World world) => world.Run(change =>
        change.NewestFirst<WebhookDelivery>().Take(ShownMax).ToList());
}
