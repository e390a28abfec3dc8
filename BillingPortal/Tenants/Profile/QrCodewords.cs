namespace BillingPortal.Tenants.Profile;

/// <summary>
/// A QR code's data with its Reed-Solomon correction, interleaved as the standard's tables say (level M).
/// </summary>
internal static class QrCodewords
{
    // ISO/IEC 18004, table 9, level M: codewords in all, correction codewords per block, blocks; by version.
    private static readonly (int Total, int Correction, int Blocks)[] Table =
    [
        (26, 10, 1), (44, 16, 1), (70, 26, 1), (100, 18, 2), (134, 24, 2), (172, 16, 4), (196, 18, 4), (242, 22, 4), (292, 22, 5),
        (346, 26, 5),
    ];

    private static readonly int[][] Alignment =
    [
        [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
    ];

    public static int[] AlignmentCentres(int version) => Alignment[version - 1];

    public static (int Version, byte[] Codewords) Of(byte[] text)
    {
        for (var version = 1; version <= Table.Length; version++)
        {
            var (total, correction, blocks) = Table[version - 1];
            var capacity = total - (correction * blocks);
            var lengthBits = version < 10 ? 8 : 16;
            if ((4 + lengthBits + (text.Length * 8) + 7) / 8 <= capacity)
            {
                return (version, Interleave(Pack(text, lengthBits, capacity), total, correction, blocks));
            }
        }

        throw new ArgumentException($"{text.Length} bytes do not fit a QR code of version 10.", nameof(text));
    }

    // Mode 0100, the length, the bytes, a terminator of up to four zeros, then 236 and 17 in turn.
    private static byte[] Pack(byte[] text, int lengthBits, int capacity)
    {
        var packed = new byte[capacity];
        var bit = 0;
        Append(0b0100, 4);
        Append(text.Length, lengthBits);
        foreach (var value in text)
        {
            Append(value, 8);
        }

        bit = Math.Min(bit + 4, capacity * 8);
        for (var (at, filler) = ((bit + 7) / 8, 0xEC); at < capacity; at++, filler ^= 0xEC ^ 0x11)
        {
            packed[at] = (byte)filler;
        }

        return packed;

        void Append(int value, int count)
        {
            for (var i = count - 1; i >= 0; i--, bit++)
            {
                packed[bit >> 3] |= (byte)(((value >> i) & 1) << (7 - (bit & 7)));
            }
        }
    }

    // The first blocks are one codeword shorter than the last when the data does not divide evenly.
    private static byte[] Interleave(byte[] data, int total, int correction, int blockCount)
    {
        var shortLength = data.Length / blockCount;
        var shortBlocks = blockCount - (data.Length % blockCount);
        var divisor = Divisor(correction);
        var blocks = new List<(byte[] Data, byte[] Check)>(blockCount);
        for (var (block, at) = (0, 0); block < blockCount; block++)
        {
            var length = shortLength + (block < shortBlocks ? 0 : 1);
            var part = data[at..(at + length)];
            blocks.Add((part, Remainder(part, divisor)));
            at += length;
        }

        var result = new List<byte>(total);
        for (var i = 0; i <= shortLength; i++)
        {
            result.AddRange(blocks.Where(block => i < block.Data.Length).Select(block => block.Data[i]));
        }

        for (var i = 0; i < correction; i++)
        {
            result.AddRange(blocks.Select(block => block.Check[i]));
        }

        return [.. result];
    }

    private static byte[] Divisor(int degree)
    {
        var result = new byte[degree];
        result[^1] = 1;
        byte root = 1;
        for (var i = 0; i < degree; i++)
        {
            for (var j = 0; j < degree; j++)
            {
                result[j] = (byte)(Multiply(result[j], root) ^ (j + 1 < degree ? result[j + 1] : 0));
            }

            root = Multiply(root, 2);
        }

        return result;
    }

    private static byte[] Remainder(byte[] data, byte[] divisor)
    {
        var result = new byte[divisor.Length];
        foreach (var value in data)
        {
            var factor = (byte)(value ^ result[0]);
            Array.Copy(result, 1, result, 0, result.Length - 1);
            result[^1] = 0;
            for (var i = 0; i < result.Length; i++)
            {
                result[i] ^= Multiply(divisor[i], factor);
            }
        }

        return result;
    }

    // In GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
    private static byte Multiply(byte left, byte right)
    {
        var product = 0;
        for (var i = 7; i >= 0; i--)
        {
            product = (product << 1) ^ ((product >> 7) * 0x11D);
            product ^= ((right >> i) & 1) * left;
        }

        return (byte)product;
    }
}
