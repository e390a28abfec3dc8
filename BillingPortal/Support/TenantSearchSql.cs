using System.Globalization;

namespace BillingPortal.Support;

/// <summary>A statement that answers <c>tenant_id</c> and <c>reason</c>.</summary>
internal sealed record HitSql(string Sql, params object[] Parameters);

/// <summary>One statement per kind of search term, each by an index and bounded.</summary>
internal static class TenantSearchSql
{
    private const int PrefixMin = 3;

    private const string ById =
        """
        SELECT id AS tenant_id, 'Tenant ' || id AS reason FROM tenants WHERE id = $1
        UNION ALL SELECT tenant_id, 'Payment ' || id FROM purchases WHERE id = $1
        UNION ALL SELECT tenant_id, 'Message ' || id FROM sms_messages WHERE id = $1
        UNION ALL SELECT tenant_id, 'Email ' || id FROM emails WHERE id = $1
        UNION ALL SELECT tenant_id, 'Refund or adjustment ' || id FROM staff_actions WHERE id = $1
        UNION ALL (SELECT tenant_id, 'Member ' || user_id FROM members WHERE user_id = $1 LIMIT 20)
        """;

    private const string ByEmail =
        """
        (SELECT m.tenant_id, 'Member ' || u.email AS reason FROM users u JOIN members m ON m.user_id = u.id
         WHERE u.normalized_email ~>=~ $1 AND u.normalized_email ~<~ ($1 || chr(1114111)) LIMIT 20)
        UNION ALL
        (SELECT id, 'Bills go to ' || billing_email FROM tenants
         WHERE billing_email IS NOT NULL AND upper(billing_email) = $1 LIMIT 20)
        """;

    // A number may have had several tenants; whoever has it now comes first.
    private const string ByPhone =
        """
        (SELECT tenant_id, 'Phone number ' || number || CASE WHEN state = 'released' THEN ' (released)' ELSE '' END AS reason
         FROM phone_numbers WHERE number = ANY ($1) AND state <> 'not_bought' ORDER BY created_at DESC LIMIT 20)
        """;

    private const string ByCard =
        """
        (SELECT tenant_id, 'Card ' || payment_method_id AS reason FROM payment_methods WHERE payment_method_id = $1 LIMIT 20)
        UNION ALL (SELECT tenant_id, 'Paid with ' || payment_method_id FROM purchases WHERE payment_method_id = $1 LIMIT 20)
        """;

    /// <summary>Null where nothing but names can match.</summary>
    public static HitSql? Of(SearchTerm term) => term.Kind switch
    {
        SearchKind.Words => Word(term.Value),
        SearchKind.Email => new HitSql(ByEmail, term.Value),
        SearchKind.Phone => new HitSql(ByPhone, (object)Numbers(term.Value)),
        SearchKind.Customer => One("stripe_customers", "customer_id", "Stripe customer", term),
        SearchKind.PaymentIntent => One("purchases", "payment_intent_id", "Payment", term),
        SearchKind.PaymentMethod => new HitSql(ByCard, term.Value),
        SearchKind.CheckoutSession => One("purchases", "checkout_session_id", "Checkout", term),
        SearchKind.Charge => One("purchases", "charge_id", "Charge", term),
        SearchKind.Refund => One("staff_actions", "refund_id", "Refund", term),
        SearchKind.Id => new HitSql(ById, Guid.Parse(term.Value)),
        SearchKind.Receipt => Receipt(term.Value),
        SearchKind.PurchaseNumber => Purchase(term.Value),
        SearchKind.Message => One("sms_messages", "provider_sid", "Message", term),
        SearchKind.Call => One("voice_calls", "call_sid", "Call", term),
    };

    // The column is the search's own constant; the value is a parameter.
    private static HitSql One(string table, string column, string what, SearchTerm term) => new(
        $"(SELECT tenant_id, '{what} ' || {column} AS reason FROM {table} WHERE {column} = $1 LIMIT 20)", term.Value);

    // One word may be the beginning of an address.
    private static HitSql? Word(string text) => text.Length >= PrefixMin && !text.Any(char.IsWhiteSpace)
        ? new HitSql(ByEmail, text.ToUpperInvariant())
        : null;

    // Without a country's code it may be a North American one.
    private static string[] Numbers(string number) => number.Length == 11 ? [number, "+1" + number[1..]] : [number];

    private static HitSql Receipt(string text)
    {
        var parts = text.Split('-');
        return new HitSql(
            """
            SELECT tenant_id, 'Receipt ' || series || '-' || year || '-' || lpad(number::text, 6, '0') AS reason
            FROM receipts WHERE series = $1 AND year = $2 AND number = $3
            """,
            parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    private static HitSql Purchase(string text) => new(
        """
        SELECT tenant_id, 'Payment ' || $3 AS reason FROM purchases
        WHERE upper(right(id::text, 8)) = $1 AND to_char(created_at AT TIME ZONE 'UTC', 'YYMMDD') = $2 LIMIT 20
        """,
        text[9..], text[2..8], text);
}
