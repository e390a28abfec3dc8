using BillingPortal.Data;
using Npgsql;

namespace BillingPortal.Tenants.Keys;

/// <summary>Writes uses of keys behind the requests. Over all processes a key's row is written at most once a minute.</summary>
public sealed partial class KeyUseWriter(Database database, KeyUses uses, ILogger<KeyUseWriter> logger) : BackgroundService
{
    /// <summary>One use; false when another process wrote one within the minute.</summary>
    public async Task<bool> WriteAsync(KeyUse use, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $2 - $3)");
        command.Parameters.AddWithValue(use.KeyId);
        command.Parameters.AddWithValue(use.At);
        command.Parameters.AddWithValue(KeyUses.Every);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var use in uses.Waiting.ReadAllAsync(stoppingToken))
        {
            try
            {
                await WriteAsync(use, stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                LogLost(logger, use.KeyId, exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The use of API key {KeyId} could not be written; its next one will be")]
    private static partial void LogLost(ILogger logger, Guid keyId, Exception exception);
}
