using System.Text;
using BillingPortal.Usage;

namespace BillingPortal.Tests.Usage;

/// <summary>Lines of any file, in bounded memory.</summary>
public sealed class ImportLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "1:a")]
    [InlineData("a\n", "1:a")]
    [InlineData("a\r\nb\r\n", "1:a 2:b")]
    [InlineData("a\n\n  \nb", "1:a 4:b")]
    [InlineData("\uFEFFa\n\uFEFFb", "1:a 2:\uFEFFb")]
    public async Task Lines_are_numbered_and_empty_ones_left_out(string file, string expected) =>
        Assert.Equal(expected, await ReadAsync(Encoding.UTF8.GetBytes(file)));

    [Fact]
    public async Task A_line_longer_than_an_event_is_told_and_the_next_one_is_read()
    {
        static string Long(int length) => new('x', length);
        var file = $"a\n{Long(ImportLines.BytesMax + 1)}\nb\n{Long(5 * ImportLines.BytesMax)}\nc\n{Long(300_000)}";

        Assert.Equal("1:a 2:null 3:b 4:null 5:c 6:null", await ReadAsync(Encoding.UTF8.GetBytes(file)));
    }

    [Fact]
    public async Task The_longest_line_is_read_whole() =>
        Assert.Equal(
            $"1:{new string('x', ImportLines.BytesMax)}", await ReadAsync(Encoding.UTF8.GetBytes(new string('x', ImportLines.BytesMax))));

    // A stream may give its bytes in pieces of any size.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(65_536)]
    public async Task Pieces_of_any_size_make_the_same_lines(int piece)
    {
        var lines = Enumerable.Range(0, 200).Select(i => $"line-{i}-{new string('x', i)}").ToList();

        var read = await ReadAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), piece);

        Assert.Equal(string.Join(' ', lines.Select((line, i) => $"{i + 1}:{line}")), read);
    }

    private static async Task<string> ReadAsync(byte[] file, int piece = int.MaxValue)
    {
        var lines = new List<string>();
        await using var stream = new PieceStream(file, piece);
        await foreach (var line in ImportLines.ReadAsync(stream, CancellationToken.None))
        {
            lines.Add($"{line.Number}:{(line.Text is null ? "null" : Encoding.UTF8.GetString(line.Text))}");
        }

        return string.Join(' ', lines);
    }

    /// <summary>A file that is read at most so many bytes at a time.</summary>
    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}
