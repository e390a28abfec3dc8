using System.Globalization;
using System.Text;

namespace BillingPortal.Documents.Pdf;

/// <summary>Text as a page can show it: composed letters, no control characters; and broken into lines.</summary>
internal static class PdfText
{
    private const string Ellipsis = "…";

    /// <summary>
    /// A line break stays one; every other kind of white space and every control character becomes a space.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in WellFormed(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                clean.Append('\n');
            }
            else if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                clean.Append(rune.Value == '\r' ? "" : " ");
            }
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    /// <summary>
    /// Breaks a text at spaces, and within a word that is wider than a line; at most so many lines, the last one then
    /// ends in "…".
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, double width, int linesMax, Func<string, double> measure)
    {
        var lines = new List<string>();
        foreach (var paragraph in Clean(text).Split('\n'))
        {
            var line = "";
            var words = paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in words.SelectMany(word => Fit(word, width, measure)))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length == 0 || measure(longer) <= width)
                {
                    line = longer;
                    continue;
                }

                lines.Add(line);
                line = word;
            }

            lines.Add(line);
        }

        return lines.Count <= linesMax
            ? lines
            : [.. lines.Take(linesMax - 1), Cut(lines[linesMax - 1], width, measure)];
    }

    /// <summary>The text in one line, cut off with "…" where it is too wide.</summary>
    public static string OneLine(string text, double width, Func<string, double> measure)
    {
        var line = Clean(text).Replace('\n', ' ');
        return measure(line) <= width ? line : Cut(line, width, measure);
    }

    private static string Cut(string line, double width, Func<string, double> measure)
    {
        var runes = line.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        while (runes.Count > 0 && measure(string.Concat(runes) + Ellipsis) > width)
        {
            runes.RemoveAt(runes.Count - 1);
        }

        return string.Concat(runes).TrimEnd() + Ellipsis;
    }

    private static IEnumerable<string> Fit(string word, double width, Func<string, double> measure)
    {
        var part = "";
        foreach (var rune in word.EnumerateRunes())
        {
            if (part.Length > 0 && measure(part + rune) > width)
            {
                yield return part;
                part = "";
            }

            part += rune;
        }

        yield return part;
    }

    // Half of a surrogate pair cannot be normalized.
    private static string WellFormed(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
}
