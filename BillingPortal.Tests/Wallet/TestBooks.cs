using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Npgsql;

namespace BillingPortal.Tests.Wallet;

/// <summary>
/// Writes whole books at once, past the ledger's door: reading tests want thousands of entries of the past, not postings.
/// </summary>
internal static class TestBooks
{
    private const string Copy =
        """
        COPY entries (tenant_id, unit, seq, amount_e4, balance_after_e4, occurred_at, posted_at, idempotency_key, kind,
          counter_account, service, reference, cause_type, note) FROM STDIN (FORMAT binary)
        """;

    /// <summary>
    /// Appends the lines to the tenant's account as entries with running balance and number; returns them numbered.
    /// </summary>
    public static async Task<IReadOnlyList<Line>> WriteAsync(
        ConnectionStrings connections, Guid tenantId, Unit unit, IReadOnlyList<Line> lines)
    {
        await using var owner = NpgsqlDataSource.Create(connections.Owner);
        await using var connection = await owner.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (seq, balance) = await LastAsync(connection, tenantId, unit);
        var written = new List<Line>(lines.Count);
        await using (var copy = await connection.BeginBinaryImportAsync(Copy))
        {
            foreach (var line in lines)
            {
                seq++;
                balance += line.Amount.E4;
                written.Add(line with { Seq = seq });
                await copy.WriteRowAsync(
                    default, tenantId, unit.ToCode(), seq, line.Amount.E4, balance, line.At, line.At, Ids.New(),
                    TextCodes.Of(line.Kind), "voice_revenue", OrNull(line.Service), OrNull(line.Reference), "test",
                    OrNull(line.Note));
            }

            await copy.CompleteAsync();
        }

        await using var account = Command(
            connection, "UPDATE accounts SET balance_e4 = $3, last_seq = $4 WHERE tenant_id = $1 AND unit = $2",
            tenantId, unit.ToCode(), balance, seq);
        Assert.Equal(1, await account.ExecuteNonQueryAsync());
        await transaction.CommitAsync();
        return written;
    }

    private static async Task<(long Seq, long Balance)> LastAsync(NpgsqlConnection connection, Guid tenantId, Unit unit)
    {
        await using var last = Command(
            connection, "SELECT last_seq, balance_e4 FROM accounts WHERE tenant_id = $1 AND unit = $2 FOR UPDATE",
            tenantId, unit.ToCode());
        await using var reader = await last.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return command;
    }

    private static object OrNull(string? text) => (object?)text ?? DBNull.Value;
}

/// <summary>One entry to write.</summary>
internal sealed record Line(
    DateTimeOffset At, Amount Amount, EntryKind Kind = EntryKind.Usage, string? Service = "voice",
    string? Reference = null, string? Note = null)
{
    public long Seq { get; init; }
}
