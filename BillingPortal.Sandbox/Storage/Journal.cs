using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BillingPortal.Sandbox.Storage;

/// <summary>
/// The state file: one line of JSON per change, only ever appended to, rewritten as a whole (aside, then renamed) at
/// start. A line that a kill cut short was never acknowledged and is dropped on the next start.
/// </summary>
internal sealed class Journal : IDisposable
{
    private static readonly Dictionary<string, Type> Kinds = typeof(IRecord).Assembly.GetTypes()
        .Where(type => type.IsClass && typeof(IRecord).IsAssignableFrom(type))
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = SandboxJson.State.Encoder };

    private readonly string _path;
    private FileStream? _file;

    public Journal(string folder)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, "sandbox.jsonl");
    }

    public IEnumerable<IRecord> Load()
    {
        if (!File.Exists(_path))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(_path))
        {
            if (Parse(line) is not { } records)
            {
                yield break; // cut short by a kill: always the last line
            }

            foreach (var record in records)
            {
                yield return record;
            }
        }
    }

    /// <summary>Starts a fresh file that holds exactly these records.</summary>
    public void Begin(IEnumerable<IRecord> records)
    {
        _file?.Dispose();
        var aside = _path + ".new";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            foreach (var record in records)
            {
                Write(file, [record]);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(aside, _path, overwrite: true);
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public void Append(IEnumerable<IRecord> records)
    {
        var changed = records.ToList();
        if (changed.Count > 0)
        {
            Write(_file!, changed);
            _file!.Flush(); // to the operating system: survives a kill of this process
        }
    }

    public void Dispose() => _file?.Dispose();

    private static void Write(FileStream file, IEnumerable<IRecord> records)
    {
        var line = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(line, WriterOptions))
        {
            json.WriteStartArray();
            foreach (var record in records)
            {
                json.WriteStartObject();
                json.WriteString("kind", record.GetType().Name);
                json.WritePropertyName("value");
                JsonSerializer.Serialize(json, record, record.GetType(), SandboxJson.State);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        line.Write("\n"u8);
        file.Write(line.WrittenSpan);
    }

    private static List<IRecord>? Parse(string line)
    {
        try
        {
            var records = new List<IRecord>();
            foreach (var entry in JsonNode.Parse(line)!.AsArray())
            {
                var type = Kinds[(string)entry!["kind"]!];
                records.Add((IRecord)entry["value"].Deserialize(type, SandboxJson.State)!);
            }

            return records;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
