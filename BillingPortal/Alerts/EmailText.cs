using System.Net;
using System.Text.RegularExpressions;

namespace BillingPortal.Alerts;

/// <summary>The plain-text form of an email, made from the same template, so that the two never differ.</summary>
internal static partial class EmailText
{
    public static string Why(string tenantName) =>
        $"You get this because billing notices of {tenantName} go to this address. It cost no credits.";

    public static string Of(string html, string tenantName, string portalUrl) =>
        $"{Body(html)}\n\n-- \n{Why(tenantName)}\nChange what you get: {portalUrl}/notifications\n";

    /// <summary>A mail to one person, with the reason for it as its foot.</summary>
    public static string Personal(string html, string why) => $"{Body(html)}\n\n-- \n{why}\n";

    private static string Body(string html)
    {
        var text = WhiteSpace().Replace(html, " ");
        text = Link().Replace(text, match =>
            match.Groups[1].Value == match.Groups[2].Value
                ? match.Groups[1].Value : $"{match.Groups[2].Value}: {match.Groups[1].Value}");
        text = NextCell().Replace(text, ": ");
        text = RowEnd().Replace(text, "\n");
        text = ListItem().Replace(text, "\n- ");
        text = BlockEnd().Replace(text, "\n\n");
        text = WebUtility.HtmlDecode(AnyTag().Replace(text, ""));
        var lines = text.Split('\n').Select(line => line.Trim());
        return ManyLines().Replace(string.Join('\n', lines), "\n\n").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"<a [^>]*?href=""([^""]*)""[^>]*>(.*?)</a>")]
    private static partial Regex Link();

    [GeneratedRegex(@"</td>\s*<td[^>]*>")]
    private static partial Regex NextCell();

    [GeneratedRegex(@"</tr>|<br\s*/?>")]
    private static partial Regex RowEnd();

    [GeneratedRegex(@"<li[^>]*>")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"</(h1|h2|p|table|ul|ol|div)>")]
    private static partial Regex BlockEnd();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex AnyTag();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex ManyLines();
}
