using System.Reflection;

namespace BillingPortal.Documents.Pdf;

/// <summary>
/// The two faces every document is set in: Noto Sans with Latin, Greek and Cyrillic letters; part of the program, never
/// the machine's.
/// </summary>
internal static class PdfFonts
{
    private static readonly Lazy<TrueTypeFont> RegularFace = new(() => Load("NotoSans-Regular.ttf"));
    private static readonly Lazy<TrueTypeFont> BoldFace = new(() => Load("NotoSans-Bold.ttf"));

    public static TrueTypeFont Regular => RegularFace.Value;

    public static TrueTypeFont Bold => BoldFace.Value;

    /// <summary>
    /// The first character of a text that documents cannot show, or null when all of it can be printed.
    /// </summary>
    public static string? Unprintable(string text)
    {
        foreach (var rune in PdfText.Clean(text).EnumerateRunes())
        {
            if (!Regular.Has(rune.Value))
            {
                return rune.ToString();
            }
        }

        return null;
    }

    private static TrueTypeFont Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"fonts/{name}")
            ?? throw new InvalidOperationException($"The font {name} is not part of this build.");
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return TrueTypeFont.Parse(data);
    }
}
