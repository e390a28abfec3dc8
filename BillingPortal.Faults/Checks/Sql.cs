using BillingPortal.Faults.Scene;
using Npgsql;

namespace BillingPortal.Faults.Checks;

/// <summary>Reads of the checks, with the operator's eyes.</summary>
internal static class Sql
{
    public static async Task<List<T>> ReadAsync<T>(this World world, string sql, Func<NpgsqlDataReader, T> row)
    {
        await using var command = world.Books.Ops.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
