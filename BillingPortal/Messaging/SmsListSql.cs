using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Messaging;

/// <summary>
/// The statements behind a list of messages. They find where messages stand; what is shown is loaded afterwards, by id.
/// </summary>
internal static class SmsListSql
{
    // Everything here stands in the index ix_sms_messages_tenant_id_created_at_id.
    private const string Matches =
        """
        tenant_id = $1 AND created_at >= $2 AND created_at < $3
        AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))
        AND ($6::text IS NULL OR direction = $6) AND ($7::text IS NULL OR state = $7)
        AND ($8::text IS NULL OR number = $8) AND ($9::text IS NULL OR country = $9)
        """;

    public static async Task<List<SmsCursor>> FindAsync(
        UnitOfWork work, Guid tenantId, SmsFilter filter, SmsCursor? before, SmsCursor? until, int limit,
        CancellationToken cancellationToken)
    {
        await using var command = Find(work, tenantId, filter, before, until, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<SmsCursor>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(Read(reader));
        }

        return found;
    }

    /// <summary>The last message that a text is looked for in this time; null: there is no text, or all are.</summary>
    public static async Task<SmsCursor?> SearchEndAsync(
        UnitOfWork work, Guid tenantId, SmsFilter filter, SmsCursor? before, int searched,
        CancellationToken cancellationToken)
    {
        if (filter.Text is null || PeerOf(filter) is not null)
        {
            return null;
        }

        await using var command = work.Command(
            $"SELECT created_at, id FROM sms_messages WHERE {Matches} ORDER BY created_at DESC, id DESC OFFSET $10 LIMIT 1",
            [.. Parameters(tenantId, filter, before), searched - 1]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    public static NpgsqlCommand Find(
        UnitOfWork work, Guid tenantId, SmsFilter filter, SmsCursor? before, SmsCursor? until, int limit,
        string prefix = "")
    {
        var parameters = Parameters(tenantId, filter, before);
        parameters.Add(limit);
        var more = "";
        if (PeerOf(filter) is { } peer)
        {
            parameters.Add(peer);
            more = "AND peer = $11";
        }
        else if (filter.Text is { } text)
        {
            parameters.AddRange([$"%{Literal(text)}%", until?.At, until?.Id]);
            more = """
                AND (body ILIKE $11 OR peer ILIKE $11)
                AND ($12::timestamptz IS NULL OR (created_at, id) >= ($12, $13::uuid))
                """;
        }

        return work.Command(
            $"{prefix} SELECT created_at, id FROM sms_messages WHERE {Matches} {more} ORDER BY created_at DESC, id DESC LIMIT $10",
            parameters.ToArray());
    }

    private static string? PeerOf(SmsFilter filter) => E164.Normalize(filter.Text);

    private static List<object?> Parameters(Guid tenantId, SmsFilter filter, SmsCursor? before) =>
    [
        tenantId, filter.From.ToUniversalTime(), filter.To.ToUniversalTime(), before?.At, before?.Id,
        filter.Direction is { } direction ? TextCodes.Of(direction) : null,
        filter.State is { } state ? TextCodes.Of(state) : null, filter.Number, filter.Country,
    ];

    private static SmsCursor Read(NpgsqlDataReader row) =>
        new(row.GetFieldValue<DateTimeOffset>(0), row.GetGuid(1));

    // What a person types is text, not a pattern.
    private static string Literal(string text) => text
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);
}
