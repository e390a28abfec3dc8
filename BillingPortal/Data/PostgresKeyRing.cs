using System.Xml.Linq;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// Keeps the data-protection keys in PostgreSQL, so that every process and every restart reads the same ones.
/// </summary>
internal sealed class PostgresKeyRing(Database database, KeyRingCipher cipher, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.Ops.CreateCommand("SELECT xml FROM data_protection_keys ORDER BY created_at, id");
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
        {
            keys.Add(XElement.Parse(reader.GetString(0)));
        }

        return keys;
    }

    /// <exception cref="KeyRingClosedException">A key in it is sealed with one that the settings do not have.</exception>
    public void EnsureOpens() => cipher.EnsureOpens(GetAllElements());

    /// <exception cref="KeyRingClosedException">As above: a process with the wrong settings adds nothing, whenever it wakes.</exception>
    public void StoreElement(XElement element, string friendlyName)
    {
        EnsureOpens();
        using var command = database.Ops.CreateCommand(
            "INSERT INTO data_protection_keys (id, friendly_name, xml, created_at) VALUES ($1, $2, $3, $4)");
        command.Parameters.Add(new NpgsqlParameter { Value = Ids.New() });
        command.Parameters.Add(new NpgsqlParameter { Value = friendlyName });
        command.Parameters.Add(new NpgsqlParameter { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.Parameters.Add(new NpgsqlParameter { Value = time.GetUtcNow() });
        command.ExecuteNonQuery();
    }
}
