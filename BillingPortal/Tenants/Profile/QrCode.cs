using System.Globalization;
using System.Text;

namespace BillingPortal.Tenants.Profile;

/// <summary>
/// A QR code (ISO/IEC 18004) of a short text: byte mode, error correction M, versions 1 to 10, which is 213 bytes.
/// Enough for the authenticator's address, and no third party sees the secret in it.
/// </summary>
public sealed class QrCode
{
    private readonly bool[,] _dark;
    private readonly bool[,] _fixed;

    private QrCode(int version)
    {
        Version = version;
        Size = (version * 4) + 17;
        _dark = new bool[Size, Size];
        _fixed = new bool[Size, Size];
    }

    public int Version { get; }

    /// <summary>Modules along one side.</summary>
    public int Size { get; }

    public bool IsDark(int x, int y) => _dark[x, y];

    /// <exception cref="ArgumentException">The text does not fit.</exception>
    public static QrCode Of(string text)
    {
        var (version, codewords) = QrCodewords.Of(Encoding.UTF8.GetBytes(text));
        var code = new QrCode(version);
        code.DrawFixedPatterns();
        code.DrawCodewords(codewords);
        code.ApplyBestMask();
        return code;
    }

    /// <summary>
    /// Black on white with the quiet zone of four modules, whatever the page's theme: scanners expect it.
    /// </summary>
    public string ToSvg()
    {
        var path = new StringBuilder();
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                if (_dark[x, y])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x + 4},{y + 4}h1v1h-1z");
                }
            }
        }

        var side = Size + 8;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges">
            <path fill="#fff" d="M0,0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>
            """);
    }

    private void DrawFixedPatterns()
    {
        for (var i = 0; i < Size; i++)
        {
            Fix(6, i, i % 2 == 0);
            Fix(i, 6, i % 2 == 0);
        }

        DrawFinder(3, 3);
        DrawFinder(Size - 4, 3);
        DrawFinder(3, Size - 4);
        var centres = QrCodewords.AlignmentCentres(Version);
        foreach (var x in centres)
        {
            foreach (var y in centres)
            {
                // The three corners belong to the finders.
                var isCorner = (x == 6 && y == 6) || (x == 6 && y == Size - 7) || (x == Size - 7 && y == 6);
                if (!isCorner)
                {
                    Square(x, y, 2, distance => distance != 1);
                }
            }
        }

        DrawFormat(mask: 0);
        DrawVersion();
    }

    private void DrawFinder(int x, int y) => Square(x, y, 4, distance => distance is not (2 or 4));

    private void Square(int centreX, int centreY, int radius, Func<int, bool> isDark)
    {
        for (var dy = -radius; dy <= radius; dy++)
        {
            for (var dx = -radius; dx <= radius; dx++)
            {
                var (x, y) = (centreX + dx, centreY + dy);
                if (x >= 0 && x < Size && y >= 0 && y < Size)
                {
                    Fix(x, y, isDark(Math.Max(Math.Abs(dx), Math.Abs(dy))));
                }
            }
        }
    }

    // Level M is 00; the ten check bits are a BCH code, the whole is XORed with a constant so that it is never all light.
    private void DrawFormat(int mask)
    {
        var remainder = mask;
        for (var i = 0; i < 10; i++)
        {
            remainder = (remainder << 1) ^ ((remainder >> 9) * 0x537);
        }

        var bits = ((mask << 10) | remainder) ^ 0x5412;
        for (var i = 0; i < 15; i++)
        {
            var bit = ((bits >> i) & 1) != 0;
            var (x, y) = i switch { < 6 => (8, i), 6 => (8, 7), 7 => (8, 8), 8 => (7, 8), _ => (14 - i, 8) };
            Fix(x, y, bit);
            var (x2, y2) = i < 8 ? (Size - 1 - i, 8) : (8, Size - 15 + i);
            Fix(x2, y2, bit);
        }

        Fix(8, Size - 8, true);
    }

    private void DrawVersion()
    {
        if (Version < 7)
        {
            return;
        }

        var remainder = Version;
        for (var i = 0; i < 12; i++)
        {
            remainder = (remainder << 1) ^ ((remainder >> 11) * 0x1F25);
        }

        var bits = (Version << 12) | remainder;
        for (var i = 0; i < 18; i++)
        {
            var bit = ((bits >> i) & 1) != 0;
            Fix(Size - 11 + (i % 3), i / 3, bit);
            Fix(i / 3, Size - 11 + (i % 3), bit);
        }
    }

    // Two columns at a time from the right, up and down in turn, around everything fixed.
    private void DrawCodewords(byte[] codewords)
    {
        var next = 0;
        for (var right = Size - 1; right >= 1; right -= 2)
        {
            right = right == 6 ? 5 : right;
            for (var step = 0; step < Size; step++)
            {
                var y = ((right + 1) & 2) == 0 ? Size - 1 - step : step;
                for (var x = right; x > right - 2; x--)
                {
                    if (!_fixed[x, y] && next < codewords.Length * 8)
                    {
                        _dark[x, y] = ((codewords[next >> 3] >> (7 - (next & 7))) & 1) != 0;
                        next++;
                    }
                }
            }
        }
    }

    private void ApplyBestMask()
    {
        var best = Enumerable.Range(0, 8).MinBy(mask =>
        {
            ApplyMask(mask);
            DrawFormat(mask);
            var penalty = QrPenalty.Of(this);
            ApplyMask(mask); // a second time takes it off again
            return penalty;
        });
        ApplyMask(best);
        DrawFormat(best);
    }

    private void ApplyMask(int mask)
    {
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                _dark[x, y] ^= !_fixed[x, y] && mask switch
                {
                    0 => (x + y) % 2 == 0,
                    1 => y % 2 == 0,
                    2 => x % 3 == 0,
                    3 => (x + y) % 3 == 0,
                    4 => ((x / 3) + (y / 2)) % 2 == 0,
                    5 => (x * y % 2) + (x * y % 3) == 0,
                    6 => ((x * y % 2) + (x * y % 3)) % 2 == 0,
                    _ => (((x + y) % 2) + (x * y % 3)) % 2 == 0,
                };
            }
        }
    }

    private void Fix(int x, int y, bool isDark)
    {
        _dark[x, y] = isDark;
        _fixed[x, y] = true;
    }
}
