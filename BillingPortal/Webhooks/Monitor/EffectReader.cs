using System.Text.Json;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Providers.Email;
using Npgsql;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>Something of ours that an event is about.</summary>
/// <param name="Text">What it is and how it stands now.</param>
/// <param name="Href">The staff's page about it.</param>
public sealed record EventEffect(string Text, string Href, Guid TenantId, string TenantName);

/// <summary>
/// Says what of ours an event is about, as it stands now: payments, cards, messages, calls, mails, and whose. By indexes on the
/// providers' ids alone. Changes nothing.
/// </summary>
public sealed class EffectReader(Database database)
{
    private const int RowsMax = 5;

    private const string Stripe =
        """
        SELECT 'payment', p.tenant_id, t.name, p.id::text, p.state, p.price_cents::bigint, p.credits_e4, p.unit
        FROM purchases p JOIN tenants t ON t.id = p.tenant_id
        WHERE p.id IN (SELECT id FROM purchases WHERE payment_intent_id = ANY ($1)
                       UNION SELECT id FROM purchases WHERE checkout_session_id = ANY ($1)
                       UNION SELECT id FROM purchases WHERE charge_id = ANY ($1))
        UNION ALL
        SELECT 'card', c.tenant_id, t.name, c.id::text, coalesce(c.brand, 'card'), 0::bigint, 0::bigint, 'usd'
        FROM payment_methods c JOIN tenants t ON t.id = c.tenant_id WHERE c.payment_method_id = ANY ($1)
        UNION ALL
        SELECT 'customer', c.tenant_id, t.name, c.customer_id, '', 0::bigint, 0::bigint, 'usd'
        FROM stripe_customers c JOIN tenants t ON t.id = c.tenant_id WHERE c.customer_id = ANY ($1)
        LIMIT $2
        """;

    private const string Twilio =
        """
        SELECT 'sms', m.tenant_id, t.name, m.direction || ' ' || m.number || ' ' || m.peer, m.state, coalesce(m.entry_seq, 0),
               m.price_e4, m.unit
        FROM sms_messages m JOIN tenants t ON t.id = m.tenant_id WHERE m.provider_sid = ANY ($1)
        UNION ALL
        SELECT 'call', c.tenant_id, t.name, c.from_number || ' ' || c.to_number, c.status, coalesce(c.entry_seq, 0),
               coalesce(c.amount_e4, 0), c.unit
        FROM voice_calls c JOIN tenants t ON t.id = c.tenant_id WHERE c.call_sid = ANY ($1)
        LIMIT $2
        """;

    private const string Resend =
        """
        SELECT 'mail', m.tenant_id, t.name, m.id::text, m.state, 0::bigint, 0::bigint, 'usd'
        FROM emails m JOIN tenants t ON t.id = m.tenant_id
        WHERE m.id IN (SELECT id FROM emails WHERE provider_id = ANY ($1) UNION SELECT id FROM emails WHERE id = ANY ($3))
        LIMIT $2
        """;

    public async Task<IReadOnlyList<EventEffect>> ReadAsync(WebhookEvent received, CancellationToken cancellationToken = default)
    {
        var ids = IdsOf(received);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var command = received.Provider switch
        {
            WebhookInbox.Stripe => unit.Command(Stripe, ids, RowsMax),
            WebhookInbox.Twilio => unit.Command(Twilio, ids, RowsMax),
            _ => unit.Command(Resend, ids, RowsMax, ids.Select(id => Guid.TryParse(id, out var own) ? own : Guid.Empty).ToArray()),
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var effects = new List<EventEffect>();
        while (await row.ReadAsync(cancellationToken))
        {
            effects.Add(Effect(row));
        }

        // A payment or a card says whose it is; the customer alone matters only where there is nothing else.
        return effects.Count > 1 ? effects.FindAll(effect => !effect.Text.StartsWith("Customer", StringComparison.Ordinal)) : effects;
    }

    private static EventEffect Effect(NpgsqlDataReader row)
    {
        var (what, tenantId, name, id, state) = (row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4));
        var unit = Units.Parse(row.GetString(7)) ?? Unit.Credits;
        var (number, amount) = (row.GetInt64(5), new Amount(row.GetInt64(6), unit));
        var entry = number == 0 ? "" : $", booked as entry {(unit is Unit.Credits ? "credits" : "usd")}-{number}";
        var words = state.Replace('_', ' ');
        var (text, href) = what switch
        {
            "payment" => ($"Payment of {AmountFormat.Cents(number)} for {AmountFormat.Text(amount)}: {words}",
                $"/staff/tenants/{tenantId}"),
            "card" => ($"Saved card ({words})", $"/staff/tenants/{tenantId}"),
            "customer" => ($"Customer {id}", $"/staff/tenants/{tenantId}"),
            "sms" => ($"SMS {Between(id)}: {words}, {AmountFormat.Text(amount)}{entry}", $"/staff/tenants/{tenantId}"),
            "call" => ($"Call {Between(id)}: {words}, {AmountFormat.Text(amount)}{entry}", $"/staff/tenants/{tenantId}"),
            _ => ($"Mail: {words}", $"/staff/emails/{id}"),
        };
        return new EventEffect(text, href, tenantId, name);
    }

    private static string Between(string numbers) => numbers.Split(' ') switch
    {
        ["inbound", var ours, var theirs] => $"from {theirs} to {ours}",
        ["outbound", var ours, var theirs] => $"from {ours} to {theirs}",
        [var from, var to] => $"from {from} to {to}",
        _ => numbers,
    };

    // The object itself and what it names: a refund's charge and payment, a session's payment, a card's customer.
    private static string[] IdsOf(WebhookEvent received)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (received.ObjectId is { } id)
        {
            ids.Add(id);
        }

        if (received.Provider == WebhookInbox.Resend)
        {
            var news = ResendEvent.Parse(received.Body);
            ids.UnionWith(new[] { news?.EmailId, news?.OurId?.ToString() }.OfType<string>());
        }
        else if (received.Provider == WebhookInbox.Stripe)
        {
            ids.UnionWith(Named(received.Body));
        }

        return [.. ids];
    }

    private static List<string> Named(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("data", out var data) && data.TryGetProperty("object", out var about)
                && about.ValueKind is JsonValueKind.Object
                ? [.. about.EnumerateObject()
                    .Where(one => one.Name is "payment_intent" or "charge" or "latest_charge" or "customer" or "payment_method"
                        && one.Value.ValueKind is JsonValueKind.String)
                    .Select(one => one.Value.GetString()!)]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
