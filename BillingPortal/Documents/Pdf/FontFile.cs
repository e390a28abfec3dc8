using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BillingPortal.Documents.Pdf;

/// <summary>
/// Puts tables together into a font file: directory, padding and checksums as the OpenType specification wants them.
/// </summary>
internal static class FontFile
{
    private const uint TrueTypeVersion = 0x00010000;
    private const uint WholeFileSum = 0xB1B0AFBA;
    private const int DirectoryEntry = 16;
    private const int AdjustmentInHead = 8;

    public static byte[] Assemble(SortedDictionary<string, byte[]> tables)
    {
        var directory = 12 + (DirectoryEntry * tables.Count);
        var file = new byte[directory + tables.Values.Sum(table => Padded(table.Length))];
        WriteHeader(file, tables.Count);
        var (entry, at, head) = (12, directory, 0);
        foreach (var (tag, table) in tables)
        {
            table.CopyTo(file, at);
            Encoding.ASCII.GetBytes(tag, file.AsSpan(entry));
            Write(file, entry + 4, Sum(file.AsSpan(at, Padded(table.Length))));
            Write(file, entry + 8, (uint)at);
            Write(file, entry + 12, (uint)table.Length);
            head = tag == "head" ? at : head;
            (entry, at) = (entry + DirectoryEntry, at + Padded(table.Length));
        }

        Write(file, head + AdjustmentInHead, unchecked(WholeFileSum - Sum(file)));
        return file;
    }

    private static void WriteHeader(byte[] file, int tables)
    {
        var log = BitOperations.Log2((uint)tables);
        Write(file, 0, TrueTypeVersion);
        Write(file, 4, ((uint)tables << 16) | (uint)(DirectoryEntry << log));
        Write(file, 8, ((uint)log << 16) | (uint)(DirectoryEntry * (tables - (1 << log))));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var at = 0; at < bytes.Length; at += 4)
        {
            sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]));
        }

        return sum;
    }

    private static int Padded(int length) => (length + 3) / 4 * 4;

    private static void Write(byte[] file, int at, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);
}
