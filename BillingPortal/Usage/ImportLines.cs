using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace BillingPortal.Usage;

/// <summary>One line of a file.</summary>
/// <param name="Number">Counted from 1, empty lines included.</param>
/// <param name="Text">UTF-8 without the line end; null when the line is longer than any event can be.</param>
internal sealed record ImportLine(long Number, byte[]? Text);

/// <summary>Streams a file line by line in bounded memory, however large the file or one of its lines is. Leaves empty lines out.</summary>
internal static class ImportLines
{
    /// <summary>An event with full metadata, every character escaped, has less.</summary>
    public const int BytesMax = 64 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    public static async IAsyncEnumerable<ImportLine> ReadAsync(
        Stream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: BytesMax, leaveOpen: true));
        var number = 0L;
        var isTooLong = false;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (Next(ref rest, read.IsCompleted) is { } text)
            {
                number++;
                if (isTooLong || text.Length > BytesMax)
                {
                    yield return new ImportLine(number, null);
                }
                else if (Trim(text, number) is { Length: > 0 } line)
                {
                    yield return new ImportLine(number, line);
                }

                isTooLong = false;
            }

            // The beginning of an endless line is thrown away; its end is still looked for.
            isTooLong |= rest.Length > BytesMax;
            pipe.AdvanceTo(isTooLong ? rest.End : rest.Start, rest.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        if (isTooLong)
        {
            yield return new ImportLine(number + 1, null); // the file ended just where its last piece was thrown away
        }

        await pipe.CompleteAsync();
    }

    private static ReadOnlySequence<byte>? Next(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (!isLast || rest.IsEmpty)
        {
            return null;
        }

        var last = rest;
        rest = rest.Slice(rest.End);
        return last;
    }

    private static byte[] Trim(ReadOnlySequence<byte> text, long number)
    {
        var line = text.ToArray().AsSpan();
        if (number == 1 && line.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        return line.Trim(" \t\r"u8).ToArray();
    }
}
