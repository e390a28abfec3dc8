using BillingPortal.Tenants.Profile;

namespace BillingPortal.Tests.Tenants;

/// <summary>The QR code's picture. The expected one was read back by a foreign decoder, as were all versions from 1 to 10.</summary>
public sealed class QrCodeTests
{
    [Fact]
    public void A_short_text_gives_the_picture_that_a_foreign_decoder_reads()
    {
        var code = QrCode.Of("otpauth://totp");
        var rows = Enumerable.Range(0, code.Size)
            .Select(y => string.Concat(Enumerable.Range(0, code.Size).Select(x => code.IsDark(x, y) ? '#' : '.')));

        Assert.Equal(Expected, string.Join('\n', rows), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData(14, 1)]
    [InlineData(15, 2)]
    [InlineData(120, 7)]
    [InlineData(213, 10)]
    public void The_smallest_version_that_holds_the_text_is_taken(int bytes, int version) =>
        Assert.Equal(version, QrCode.Of(new string('x', bytes)).Version);

    [Fact]
    public void A_text_too_long_is_refused() => Assert.Throws<ArgumentException>(() => QrCode.Of(new string('x', 214)));

    private const string Expected =
        """
        #######..#.##.#######
        #.....#..##.#.#.....#
        #.###.#.#.#...#.###.#
        #.###.#.#####.#.###.#
        #.###.#.##..#.#.###.#
        #.....#.#.#.#.#.....#
        #######.#.#.#.#######
        ........##..#........
        #.#####.....#.#####..
        #.###....#.#..#.#####
        ..#.####...##.##..##.
        .####...#...#..#.####
        ###..###.####.####.##
        ........##.#.####.#.#
        #######..######...##.
        #.....#.#..#...#.##.#
        #.###.#.##.#..#....##
        #.###.#.#....##.#.#..
        #.###.#.#..####..##..
        #.....#..##.##...##..
        #######.#..####..#.#.
        """;
}
