using System.Data;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.Ledger;

/// <summary>One finding, in words for an operator.</summary>
public sealed record AuditViolation(Guid TenantId, Unit Unit, string Rule, string Detail);

/// <summary>What an audit looked at and what it found. <see cref="Accounts"/> are those that changed since their last proof.</summary>
public sealed record AuditReport(
    bool IsFull, long Accounts, long Entries, DateTimeOffset ProvenAt, IReadOnlyList<AuditViolation> Violations)
{
    public bool IsClean => Violations.Count == 0;
}

/// <summary>
/// Proves the books from one snapshot and remembers how far each account is proven, so that the next incremental audit goes on from
/// there. It repairs nothing: an account with a violation keeps its old proof.
/// </summary>
public sealed class LedgerAudit(Database database, TimeProvider clock)
{
    private const int ViolationsMax = 1_000;

    /// <param name="full">Every entry since the first; otherwise those since each account's last proof.</param>
    public async Task<AuditReport> RunAsync(bool full, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.Ops.OpenConnectionAsync(cancellationToken);

        // Before the snapshot, so that a second audit starts from the first one's proofs.
        await ExecuteAsync(connection, "SELECT pg_advisory_lock(hashtext('ledger-audit'))", cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var report = await ProveAsync(connection, full, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return report;
        }
        finally
        {
            await ExecuteAsync(connection, "SELECT pg_advisory_unlock_all()", CancellationToken.None);
        }
    }

    /// <summary>When this tenant's books were last proven without a violation; null for never.</summary>
    public async Task<DateTimeOffset?> ProvenAtAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var work = await database.BeginAsync(tenantId, cancellationToken);
        return (await ReadAsync(work, tenantId, cancellationToken)).ProvenAt;
    }

    /// <summary>What the last audits said of this tenant's books.</summary>
    public async Task<AuditState> ReadAsync(
        UnitOfWork work, Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var command = work.Command(
            """
            WITH runs AS (
              SELECT r.id, r.proven_at,
                EXISTS (SELECT FROM ledger_violations v WHERE v.audit_id = r.id AND v.tenant_id = $1) AS has_finding
              FROM ledger_audit_runs r)
            SELECT (SELECT max(proven_at) FROM runs WHERE NOT has_finding), last.proven_at, last.has_finding
            FROM (SELECT * FROM runs ORDER BY id DESC LIMIT 1) AS last
            """,
            tenantId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? AuditState.Of(
                reader.IsDBNull(0) ? null : reader.GetFieldValue<DateTimeOffset>(0),
                reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2), clock.GetUtcNow())
            : AuditState.Never;
    }

    private async Task<AuditReport> ProveAsync(NpgsqlConnection connection, bool full, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await ExecuteAsync(connection, LedgerAuditSql.Findings, cancellationToken);
        await ExecuteAsync(connection, LedgerAuditSql.Scope, cancellationToken, full);
        await ExecuteAsync(connection, "ANALYZE audit_scope", cancellationToken);
        foreach (var rule in full ? [.. LedgerAuditSql.Rules, .. LedgerAuditSql.FullRules] : LedgerAuditSql.Rules)
        {
            await ExecuteAsync(connection, LedgerAuditSql.Collect(rule), cancellationToken);
        }

        await ExecuteAsync(connection, LedgerAuditSql.Remember, cancellationToken, now.UtcDateTime, full);
        await ExecuteAsync(connection, LedgerAuditSql.Prove, cancellationToken, now.UtcDateTime);
        var (accounts, entries) = await CountsAsync(connection, cancellationToken);
        return new AuditReport(full, accounts, entries, now, await ViolationsAsync(connection, cancellationToken));
    }

    private static async Task<(long Accounts, long Entries)> CountsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT accounts, entries FROM ledger_audit_runs ORDER BY id DESC LIMIT 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<List<AuditViolation>> ViolationsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT tenant_id, unit, rule, detail FROM audit_findings ORDER BY tenant_id, unit, rule LIMIT $1", connection)
        {
            Parameters = { new() { Value = ViolationsMax } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var violations = new List<AuditViolation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            violations.Add(new AuditViolation(
                reader.GetGuid(0), Units.Parse(reader.GetString(1)) ?? Unit.Credits, reader.GetString(2), reader.GetString(3)));
        }

        return violations;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3_600 };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
