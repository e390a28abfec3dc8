using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Support;

/// <summary>A tenant in the desk's list, and why it stands there.</summary>
/// <param name="Reason">What of it was found; null in the list of all.</param>
public sealed record TenantRow(
    Guid Id, string Name, string Slug, Unit Plan, DateTimeOffset CreatedAt, int Members, Amount Credits, Amount Funds, bool HasDebt,
    string? Reason, string SortName);

/// <summary>Where the next page begins.</summary>
public sealed record TenantCursor(string SortName, Guid Id);

/// <summary>One page, by name. <see cref="Next"/> is null on the last.</summary>
public sealed record TenantRows(IReadOnlyList<TenantRow> Rows, TenantCursor? Next);

/// <summary>
/// Finds tenants by anything that somebody may read out, and says what of it was found. Every way is an index; every
/// answer is bounded. Changes nothing.
/// </summary>
public sealed class TenantSearch(Database database)
{
    public const int PageSize = 25;
    private const int HitsMax = 20;

    private const string After = "($1::text IS NULL OR (sort_name, id) > ($1, $2::uuid))";

    private static readonly string All =
        $"""
        WITH page AS (
          SELECT id, sort_name FROM (SELECT id, lower(name) AS sort_name FROM tenants) AS t
          WHERE {After} AND $3::text IS NULL ORDER BY sort_name, id LIMIT {PageSize + 1})
        {Select("NULL")} JOIN page ON page.id = t.id
        ORDER BY page.sort_name, page.id
        """;

    // First all that match, by the index of words: walking along the names until enough match took twenty times as long for a
    // word that begins far down the alphabet.
    private static readonly string Named =
        $"""
        WITH named AS MATERIALIZED (
          SELECT id, lower(name) AS sort_name FROM tenants
          WHERE to_tsvector('simple', translate(name || ' ' || slug, '.-_@/', '     ')) @@ to_tsquery('simple', $3)),
        page AS (SELECT id, sort_name FROM named WHERE {After} ORDER BY sort_name, id LIMIT {PageSize + 1})
        {Select("'Name'")} JOIN page ON page.id = t.id
        ORDER BY page.sort_name, page.id
        """;

    /// <summary>All tenants by name for an empty text.</summary>
    public async Task<TenantRows> FindAsync(
        string? text, TenantCursor? after = null, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var term = SearchTerm.Parse(text);
        if (term is null)
        {
            return string.IsNullOrWhiteSpace(text)
                ? await PageAsync(unit, textQuery: null, after, cancellationToken)
                : new TenantRows([], Next: null);
        }

        var hits = after is null ? await HitsAsync(unit, term, cancellationToken) : [];
        if (term.Kind is not SearchKind.Words)
        {
            return new TenantRows(hits, Next: null);
        }

        var page = SearchTerm.TextQuery(term.Value) is { } query
            ? await PageAsync(unit, query, after, cancellationToken)
            : new TenantRows([], Next: null);
        var found = hits.Select(hit => hit.Id).ToHashSet();
        return page with { Rows = [.. hits, .. page.Rows.Where(row => !found.Contains(row.Id))] };
    }

    private static async Task<TenantRows> PageAsync(
        UnitOfWork unit, string? textQuery, TenantCursor? after, CancellationToken cancellationToken)
    {
        await using var command = unit.Command(
            textQuery is null ? All : Named, after?.SortName, after?.Id, textQuery);
        var rows = await ReadAsync(command, cancellationToken);
        return rows.Count > PageSize
            ? new TenantRows(rows[..PageSize], new TenantCursor(rows[PageSize - 1].SortName, rows[PageSize - 1].Id))
            : new TenantRows(rows, Next: null);
    }

    private static async Task<List<TenantRow>> HitsAsync(
        UnitOfWork unit, SearchTerm term, CancellationToken cancellationToken)
    {
        if (TenantSearchSql.Of(term) is not { } hits)
        {
            return [];
        }

        await using var command = unit.Command(
            $"""
            WITH hits AS (SELECT tenant_id, min(reason) AS reason FROM ({hits.Sql}) AS found GROUP BY tenant_id LIMIT {HitsMax})
            {Select("h.reason")} JOIN hits h ON h.tenant_id = t.id
            ORDER BY lower(t.name), t.id
            """,
            hits.Parameters);
        return await ReadAsync(command, cancellationToken);
    }

    private static string Select(string reason) =>
        $"""
        SELECT t.id, t.name, t.slug, t.plan, t.created_at, (SELECT count(*)::int FROM members m WHERE m.tenant_id = t.id),
               coalesce(c.balance_e4 - c.held_e4, 0), coalesce(u.balance_e4 - u.held_e4, 0),
               coalesce(c.debt_e4, 0) + coalesce(u.debt_e4, 0) > 0, {reason}, lower(t.name)
        FROM tenants t
        LEFT JOIN accounts c ON c.tenant_id = t.id AND c.unit = 'credits'
        LEFT JOIN accounts u ON u.tenant_id = t.id AND u.unit = 'usd'
        """;

    private static async Task<List<TenantRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<TenantRow>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new TenantRow(
                row.GetGuid(0), row.GetString(1), row.GetString(2), Units.Parse(row.GetString(3))!.Value,
                row.GetFieldValue<DateTimeOffset>(4), row.GetInt32(5), new Amount(row.GetInt64(6), Unit.Credits),
                new Amount(row.GetInt64(7), Unit.Usd), row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetString(9),
                row.GetString(10)));
        }

        return rows;
    }
}
