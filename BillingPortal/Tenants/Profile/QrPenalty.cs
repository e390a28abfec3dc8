namespace BillingPortal.Tenants.Profile;

/// <summary>
/// How hard a masked QR code is to scan (ISO/IEC 18004, 7.8.3): runs, blocks, false finders, imbalance.
/// </summary>
internal static class QrPenalty
{
    private const int FalseFinder = 0b1011101;

    public static int Of(QrCode code)
    {
        var penalty = 0;
        var dark = 0;
        for (var a = 0; a < code.Size; a++)
        {
            penalty += Line(code.Size, b => code.IsDark(a, b)) + Line(code.Size, b => code.IsDark(b, a));
            for (var b = 0; b < code.Size; b++)
            {
                dark += code.IsDark(a, b) ? 1 : 0;
                penalty += a > 0 && b > 0 && code.IsDark(a, b) == code.IsDark(a - 1, b)
                    && code.IsDark(a, b) == code.IsDark(a, b - 1) && code.IsDark(a, b) == code.IsDark(a - 1, b - 1) ? 3 : 0;
            }
        }

        var percent = dark * 100 / (code.Size * code.Size);
        return penalty + (Math.Abs(percent - 50) / 5 * 10);
    }

    private static int Line(int size, Func<int, bool> isDark)
    {
        var (penalty, run, window) = (0, 0, 0);
        for (var i = 0; i < size; i++)
        {
            run = i > 0 && isDark(i) == isDark(i - 1) ? run + 1 : 1;
            penalty += run == 5 ? 3 : run > 5 ? 1 : 0;
            window = ((window << 1) | (isDark(i) ? 1 : 0)) & 0x7FF;
            penalty += i >= 10 && (window is FalseFinder << 4 or FalseFinder) ? 40 : 0;
        }

        return penalty;
    }
}
