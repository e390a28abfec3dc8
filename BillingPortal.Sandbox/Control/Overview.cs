using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Clock;
using BillingPortal.Sandbox.Faults;
using BillingPortal.Sandbox.Resend;
using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Events;
using BillingPortal.Sandbox.Stripe.Objects;
using BillingPortal.Sandbox.Twilio.Callbacks;
using BillingPortal.Sandbox.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Sandbox.Control;

/// <summary>Everything the control page shows that changes, in one answer.</summary>
internal static class Overview
{
    private const int RowsMax = 60;

    public static void MapOverview(this IEndpointRouteBuilder control)
    {
        control.MapGet("/overview", Read);
        control.MapGet("/emails/{id}", (string id, World world) =>
            world.Run(change => change.Find<Email>(id)) is { } email ? Results.Ok(email) : Results.NotFound());
        control.MapGet("/events/{id}", Body);
    }

    private static Ok<OverviewAnswer> Read(
        World world, SandboxTime time, FaultSwitches faults, WebhookSettings settings) =>
        TypedResults.Ok(world.Run(change => new OverviewAnswer(
            new ClockAnswer(time.GetUtcNow(), time.State.OffsetMilliseconds / 1000m, time.State.Version),
            SettingsView.Of(settings),
            faults.All,
            [.. Happenings(change).OrderByDescending(row => row.At).Take(RowsMax)],
            [.. change.NewestFirst<Email>().Take(RowsMax).Select(Row)],
            Cards(change),
            [.. change.NewestFirst<PaymentIntent>().Where(one => one.Status == IntentStatus.Processing).Take(RowsMax)
                .Select(one => Row(change, one))],
            [.. change.NewestFirst<Suppression>().Where(one => !one.IsLifted).Take(RowsMax)])));

    /// <summary>Stripe's events, Resend's told ones and Twilio's requests; an event without a delivery had nobody to go to.</summary>
    private static IEnumerable<EventRow> Happenings(Change change)
    {
        foreach (var entry in change.NewestFirst<StripeEvent>().Take(RowsMax))
        {
            var delivery = change.Find<WebhookDelivery>(entry.Id);
            yield return new EventRow(
                entry.Id, "Stripe", entry.Type, (string?)entry.Data["object"]!["id"] ?? "",
                DateTimeOffset.FromUnixTimeSeconds(entry.Created), delivery?.State, delivery?.Attempts ?? 0,
                delivery?.LastAnswer);
        }

        foreach (var entry in change.NewestFirst<ResendEvent>().Take(RowsMax))
        {
            var delivery = change.Find<WebhookDelivery>(entry.Id);
            yield return new EventRow(
                entry.Id, "Resend", entry.Type, (string?)entry.Payload["data"]!["email_id"] ?? "",
                DateTimeOffset.Parse((string)entry.Payload["created_at"]!, null), delivery?.State,
                delivery?.Attempts ?? 0, delivery?.LastAnswer);
        }

        foreach (var entry in change.NewestFirst<TwilioCallback>().Take(RowsMax))
        {
            var delivery = change.Find<WebhookDelivery>(entry.Id);
            yield return new EventRow(
                entry.Id, "Twilio", entry.Type, entry.Subject, entry.At, delivery?.State, delivery?.Attempts ?? 0,
                delivery?.LastAnswer);
        }
    }

    private static EmailRow Row(Email email) =>
        new(email.Id, email.To, email.Subject, email.CreatedAt, email.LastEvent);

    private static List<CardRow> Cards(Change change)
    {
        var charges = change.NewestFirst<Charge>().ToLookup(charge => charge.PaymentMethod);
        return change.NewestFirst<PaymentMethod>()
            .Where(card => card is { Customer: not null, Card: not null }).Take(RowsMax)
            .Select(card => Row(card, change.Find<Customer>(card.Customer)!, charges[card.Id].ToList())).ToList();
    }

    private static CardRow Row(PaymentMethod card, Customer customer, List<Charge> charges)
    {
        var paid = charges.FindAll(charge => charge.Paid);
        return new CardRow(
            card.Id, customer.Name ?? customer.Email ?? customer.Id, card.Card!.Brand, card.Card.Last4,
            $"{card.Card.ExpMonth:00}/{card.Card.ExpYear % 100:00}", card.ForcedDecline,
            paid.Sum(charge => charge.Amount), paid.Count, charges.Count - paid.Count);
    }

    private static ProcessingRow Row(Change change, PaymentIntent intent)
    {
        var customer = change.Find<Customer>(intent.Customer);
        var method = change.Find<PaymentMethod>(intent.PaymentMethod);
        return new ProcessingRow(
            intent.Id, customer?.Name ?? customer?.Email ?? intent.Customer ?? "",
            method?.UsBankAccount is { } bank ? $"{bank.BankName} •••• {bank.Last4}"
                : $"{method?.Card?.Brand} •••• {method?.Card?.Last4}",
            intent.Amount, DateTimeOffset.FromUnixTimeSeconds(intent.ProcessedAt ?? intent.Created));
    }

    private static IResult Body(string id, World world) => world.Run(change =>
        change.Find<StripeEvent>(id)?.Render() ?? change.Find<ResendEvent>(id)?.Render()
        ?? change.Find<TwilioCallback>(id)?.ToJson().ToJsonString(SandboxJson.Public)) is { } body
            ? Results.Ok(JsonNode.Parse(body))
            : Results.NotFound();
}

/// <summary>The control page's data.</summary>
internal sealed record OverviewAnswer(
    ClockAnswer Clock, SettingsView Settings, IReadOnlyList<Fault> Faults, IReadOnlyList<EventRow> Events,
    IReadOnlyList<EmailRow> Emails, IReadOnlyList<CardRow> Cards, IReadOnlyList<ProcessingRow> Processing,
    IReadOnlyList<Suppression> Suppressions);

/// <summary>A payment that the bank has not decided yet, and when it will by itself; cents.</summary>
internal sealed record ProcessingRow(string Id, string Customer, string Method, long Amount, DateTimeOffset DecidedAt);

/// <summary>One event and how far its webhook got; the state is null when nobody listens.</summary>
internal sealed record EventRow(
    string Id, string Provider, string Type, string Subject, DateTimeOffset At, string? State, int Attempts,
    string? LastAnswer);

/// <summary>One line of the mailbox.</summary>
internal sealed record EmailRow(
    string Id, IReadOnlyList<string> To, string Subject, DateTimeOffset At, string LastEvent);

/// <summary>A saved card and what was charged to it, in cents.</summary>
internal sealed record CardRow(
    string Id, string Customer, string Brand, string Last4, string Expiry, string? ForcedDecline, long SucceededAmount,
    int SucceededCharges, int FailedCharges);
