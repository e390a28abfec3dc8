namespace BillingPortal.Web;

/// <summary>One code that the interface answers with: stable, with its status and what to do about it.</summary>
public sealed record ProblemCode(string Code, int Status, string Title, string Meaning);

/// <summary>
/// Every code of the interface for programs. A test compares it with the codes in the source and with the table in docs/api.md;
/// codes are added, never changed.
/// </summary>
public static class ProblemCatalog
{
    public static IReadOnlyList<ProblemCode> All { get; } =
    [
        .. Of(400, "The request is not valid",
            ("body_too_large", "A webhook's body may have 256 KiB."),
            ("empty_message", "The message has no text."),
            ("export_too_large", "The file would have too many rows. Choose a shorter period."),
            ("incomplete_event", "A signed event of Twilio without the ids, numbers or status that the address needs."),
            ("invalid_action", "`action` is none that this address knows, or lacks its id."),
            ("invalid_auto_recharge", "A setting cannot stand so; `detail` says which and its bounds."),
            ("invalid_cursor", "`cursor` is not one that this address gave out. Start again without it."),
            ("invalid_event_count", "An array of usage has 1 to 1000 events."),
            ("invalid_expires_in_seconds", "Not a whole number of seconds within the bounds."),
            ("invalid_filter", "A filter of messages cannot be read; `detail` says which."),
            ("invalid_from", "`from` is not a whole phone number."),
            ("invalid_group", "`group` is service, number or tag."),
            ("invalid_idempotency_key", "`Idempotency-Key` is one text of 1 to 255 characters."),
            ("invalid_kind", "`kind` is none of the kinds of entries."),
            ("invalid_layout", "`layout` is table or series."),
            ("invalid_limit", "`limit` is a whole number from 1 to 200."),
            ("invalid_metadata", "`metadata` is a JSON object of limited size."),
            ("invalid_month", "A month is written like 2026-11."),
            ("invalid_notification_settings", "A threshold or address cannot stand so."),
            ("invalid_occurred_at", "A time is written like 2026-12-01T09:30:00Z and lies within the bounds."),
            ("invalid_period", "`from` and `to` are days or instants, `from` before `to`."),
            ("invalid_purchase", "Nothing to buy, too little, or too much; `detail` says which."),
            ("invalid_quantity", "`quantity` is a positive number; whole, but for voice."),
            ("invalid_reference", "`reference` has at most 100 characters."),
            ("invalid_reference_id", "`reference_id` is your own id of the event: 1 to 255 characters."),
            ("invalid_request", "A parameter is missing or cannot be read; `detail` names it."),
            ("invalid_service", "`service` is none of the services."),
            ("invalid_signature", "A webhook without a signature of its provider."),
            ("invalid_step", "`by` is day, week or month, and not too fine for the period."),
            ("invalid_tag", "`tag` names a key of your events' metadata."),
            ("invalid_to", "`to` is not a whole phone number, or the sender's own."),
            ("invalid_unit", "`unit` is credits or usd."),
            ("malformed_json", "The body is not JSON of the right shape; `path` says where."),
            ("message_too_long", "The text is longer than one message can be."),
            ("not_an_object", "An event is a JSON object."),
            ("refused_by_provider", "The provider will not send it; `providerCode` is its number for why. Nothing was charged."),
            ("service_not_offered", "The plan has no price for this service at that time."),
            ("unknown_number", "`from` is none of your numbers."),
            ("unknown_service", "`service` is none of the services."),
            ("unsendable_character", "The text has a character that no phone can show.")),
        .. Of(401, "Not signed in",
            ("invalid_api_key", "The API key is missing, unknown, replaced or revoked."),
            ("unauthorized", "Neither a session nor a key was sent.")),
        .. Of(402, "Not enough balance",
            ("card_declined", "The bank declined the card; `detail` says what to do."),
            ("insufficient_balance",
                "The balance does not cover it; `balance`, `available` and `required` say by how much. Nothing was changed.")),
        .. Of(403, "Not allowed",
            ("country_not_allowed", "Messages to this country are not switched on."),
            ("cross_site", "Another website tried to use a person's session."),
            ("forbidden", "The key's scopes or the person's role do not allow it."),
            ("not_offered", "The plan has no price for messages."),
            ("opted_out", "The person asked for no more messages from this number.")),
        .. Of(404, "Not found",
            ("not_found", "There is nothing at this address."),
            ("unknown_hold", "There is no such hold."),
            ("unknown_invoice", "There is no such invoice."),
            ("unknown_package", "There is no such package for sale."),
            ("unknown_payment_method", "There is no such saved card."),
            ("unknown_receipt", "There is no settled purchase of that id."),
            ("unknown_setup_intent", "There is no such set-up of a card."),
            ("unknown_statement", "The account has no entries by the end of that month."),
            ("unknown_webhook_endpoint", "There is no such webhook endpoint.")),
        .. Of(405, "Method not allowed", ("method_not_allowed", "This address does not take this method.")),
        .. Of(408, "Request too slow", ("request_too_slow", "The body came too slowly. Send it again.")),
        .. Of(409, "In conflict with what is recorded",
            ("hold_ended", "The hold was captured, released or has expired before."),
            ("idempotency_key_in_use", "The first request with this key is still running. Try again."),
            ("idempotency_key_reused", "The key was used for another request. Take a new one."),
            ("no_active_number", "There is no phone number in service to send from."),
            ("number_not_ready", "The number is still being bought. Try again in a minute."),
            ("number_suspended", "The number's rent is unpaid. A top-up brings it back."),
            ("purchase_ended", "This attempt is over. Start a new one with a new key."),
            ("reference_used", "This `reference_id` was reserved or paid with other content."),
            ("setup_incomplete", "The card is not set up yet. Finish it in the browser."),
            ("too_many_cards", "As many cards as allowed are saved. Remove one first.")),
        .. Of(413, "Request too large", ("request_too_large", "The body is larger than this server accepts.")),
        .. Of(415, "Unsupported media type", ("unsupported_media_type", "Send the body as application/json.")),
        .. Of(429, "Too many requests",
            ("rate_limited", "More requests than allowed in this minute. `Retry-After` says how long to wait."),
            ("too_many_messages", "More messages than the limit per minute. `Retry-After` says how long to wait.")),
        .. Of(500, "Internal error", ("internal_error", "Our fault. Repeat with the same key, or give support the `referenceId`.")),
        .. Of(502, "The provider did not answer as expected",
            ("outcome_unknown", "It may have been sent. Repeat with the same key: nothing is sent twice."),
            ("stripe_unreachable", "Nothing was charged. Try again with the same key.")),
        .. Of(503, "Temporarily not available",
            ("billing_not_finished", "The run stopped before its end. Call again and it goes on."),
            ("provider_unavailable", "The provider cannot be reached. Nothing was sent or charged."),
            ("request_timed_out", "It took too long and was stopped. Repeat it with the same key: nothing is done twice."),
            ("settlement_not_finished", "The run stopped before its end. Call again and it goes on.")),
    ];

    private static readonly Dictionary<string, ProblemCode> ByCode = All.ToDictionary(code => code.Code, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">The code is not in the catalog: add it there.</exception>
    public static ProblemCode Find(string code) => ByCode.TryGetValue(code, out var found) ? found
        : throw new KeyNotFoundException($"The problem code {code} is not in the catalog.");

    private static IEnumerable<ProblemCode> Of(int status, string title, params (string Code, string Meaning)[] codes) =>
        codes.Select(code => new ProblemCode(code.Code, status, title, code.Meaning));
}
