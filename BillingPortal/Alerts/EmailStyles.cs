using System.Text.RegularExpressions;

namespace BillingPortal.Alerts;

/// <summary>Puts the house's styles onto a template's plain tags: many mail programs drop style sheets.</summary>
internal static partial class EmailStyles
{
    public const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    private const string Button = "display:inline-block;padding:11px 18px;border-radius:6px;background:#1d4ed8;"
        + "color:#ffffff;font-weight:600;text-decoration:none";

    private static readonly Dictionary<string, string> ByTag = new()
    {
        ["h1"] = "margin:12px 0 12px;font-size:21px;line-height:1.3;color:#111827",
        ["p"] = "margin:0 0 14px",
        ["a"] = "color:#1d4ed8",
        ["table"] = "width:100%;margin:4px 0 18px;border-collapse:collapse",
        ["td"] = "padding:7px 0;border-bottom:1px solid #e5e7eb;vertical-align:top",
        ["ul"] = "margin:0 0 14px;padding-left:20px",
    };

    /// <summary>A link that is all there is in its paragraph becomes a button. Tags with a style keep theirs.</summary>
    public static string Inline(string html)
    {
        var withButtons = LoneLink().Replace(html, match => $"<p><a style=\"{Button}\"{match.Groups[1].Value}</a></p>");
        return PlainTag().Replace(withButtons, match =>
            match.Groups[2].Value.Contains("style=", StringComparison.Ordinal)
            ? match.Value
            : $"<{match.Groups[1].Value} style=\"{ByTag[match.Groups[1].Value]}\"{match.Groups[2].Value}>");
    }

    [GeneratedRegex(@"<p>\s*<a( href=""[^""]*"">[^<]*)</a>\s*</p>")]
    private static partial Regex LoneLink();

    [GeneratedRegex(@"<(h1|p|a|table|td|ul)((?:\s[^>]*)?)>")]
    private static partial Regex PlainTag();
}
