using System.Xml.Linq;
using Npgsql;

namespace BillingPortal.Data;

/// <summary>
/// At start, refuses a key ring that the settings do not open, then seals with the key in force what lies in it open or under an older
/// key. Nodes that do it at the same time agree.
/// </summary>
internal sealed partial class KeyRingSealer(
    Database database, KeyRingCipher cipher, IHostEnvironment environment, ILogger<KeyRingSealer> logger) : IHostedService
{
    private static readonly XNamespace Ring = "http://schemas.asp.net/2015/03/dataProtection";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var changed = await SealAsync(cancellationToken);
            if (changed > 0)
            {
                LogSealed(logger, changed, cipher.Name!);
            }
        }
        catch (NpgsqlException failure)
        {
            LogLater(logger, failure); // the portal starts without its database, too; the next start seals
        }

        if (!cipher.IsOn && !environment.IsDevelopment())
        {
            LogOpen(logger, KeyRingCipher.Section);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How many keys were sealed anew: none without a key to seal with.</summary>
    /// <exception cref="KeyRingClosedException">Some are sealed with a key that is not among the settings; nothing was changed.</exception>
    public async Task<int> SealAsync(CancellationToken cancellationToken)
    {
        var ring = await ReadAsync(cancellationToken);
        cipher.EnsureOpens(ring.Select(key => XElement.Parse(key.Xml)));
        if (!cipher.IsOn)
        {
            return 0;
        }

        var changed = 0;
        foreach (var (id, xml) in ring)
        {
            var element = XElement.Parse(xml);
            if (!Seal(element))
            {
                continue;
            }

            // Where another node was faster, its own is as good.
            await using var update = database.Ops.CreateCommand("UPDATE data_protection_keys SET xml = $2 WHERE id = $1 AND xml = $3");
            update.Parameters.Add(new NpgsqlParameter { Value = id });
            update.Parameters.Add(new NpgsqlParameter { Value = element.ToString(SaveOptions.DisableFormatting) });
            update.Parameters.Add(new NpgsqlParameter { Value = xml });
            changed += await update.ExecuteNonQueryAsync(cancellationToken);
        }

        return changed;
    }

    // Data protection marks what wants encryption, and wraps what has it.
    private bool Seal(XElement key)
    {
        var open = key.Descendants().Where(one => (bool?)one.Attribute(Ring + "requiresEncryption") is true).ToList();
        foreach (var secret in open)
        {
            secret.ReplaceWith(new XElement(
                Ring + "encryptedSecret",
                new XAttribute("decryptorType", typeof(KeyRingOpener).AssemblyQualifiedName!), cipher.Seal(secret)));
        }

        var old = key.Descendants(KeyRingCipher.Element).Where(one => KeyRingCipher.NameOf(one) != cipher.Name).ToList();
        foreach (var secret in old)
        {
            secret.ReplaceWith(cipher.Seal(cipher.Open(secret)));
        }

        return open.Count + old.Count > 0;
    }

    private async Task<List<(Guid Id, string Xml)>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand("SELECT id, xml FROM data_protection_keys ORDER BY created_at, id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<(Guid Id, string Xml)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return keys;
    }

    [LoggerMessage(LogLevel.Warning, "The keys of cookies and secrets lie open in the database. Set {Setting}; see docs/security.md")]
    private static partial void LogOpen(ILogger logger, string setting);

    [LoggerMessage(LogLevel.Warning, "The key ring could not be read and sealed; the next start tries again")]
    private static partial void LogLater(ILogger logger, Exception failure);

    [LoggerMessage(LogLevel.Information, "{Keys} keys of the key ring are sealed with {Name} now")]
    private static partial void LogSealed(ILogger logger, int keys, string name);
}
