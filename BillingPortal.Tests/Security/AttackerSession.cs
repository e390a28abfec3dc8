using Npgsql;

namespace BillingPortal.Tests.Security;

/// <summary>A connection in somebody else's hands: says of each statement what it gave or how it was refused, and undoes it.</summary>
internal sealed class AttackerSession(NpgsqlConnection connection) : IAsyncDisposable
{
    public static async Task<AttackerSession> OpenAsync(NpgsqlDataSource source, Guid? tenantId)
    {
        var connection = await source.OpenConnectionAsync();
        var session = new AttackerSession(connection);
        if (tenantId is { } id)
        {
            await session.DoAsync($"SET app.tenant_id = '{id}'");
        }

        return session;
    }

    /// <summary>Runs it for good, as far as the session goes.</summary>
    public async Task DoAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The SQL state of the refusal, or how many rows it touched, or <c>=</c> and the last statement's first value.</summary>
    public async Task<string> TryAsync(string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            string? value = null;
            do
            {
                value = await reader.ReadAsync() && reader.FieldCount > 0 ? $"={reader.GetValue(0)}" : value;
            }
            while (await reader.NextResultAsync());
            return value ?? $"{Math.Max(reader.RecordsAffected, 0)} rows";
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }

    /// <summary>Everything that COPY gives out.</summary>
    public async Task<string> CopyOutAsync(string sql)
    {
        using var text = await connection.BeginTextExportAsync(sql);
        return await text.ReadToEndAsync();
    }

    /// <summary>The whole refusal, as somebody sees it who looks for what it gives away.</summary>
    public async Task<PostgresException> RefusalAsync(string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return await Assert.ThrowsAsync<PostgresException>(command.ExecuteNonQueryAsync);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearPool(connection); // what was set must not reach the next test
        await connection.DisposeAsync();
    }
}
