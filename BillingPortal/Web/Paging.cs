using System.Globalization;
using System.Text;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Web;

/// <summary>
/// What all lists have in common: <c>limit</c> and <c>cursor</c> in, <c>nextCursor</c> out. A cursor names the last row of a page
/// and is opaque outside; new rows come before it, so no row is shown twice or left out.
/// </summary>
public static class Paging
{
    public const int LimitDefault = 50;
    public const int LimitMax = 200;
    private const int CursorLengthMax = 128;

    public static ProblemHttpResult InvalidLimit =>
        Problems.Invalid("invalid_limit", $"limit is a whole number from 1 to {LimitMax}.");

    public static ProblemHttpResult InvalidCursor =>
        Problems.Invalid("invalid_cursor", "cursor is not one that this address gave out. Start again without it.");

    /// <summary>Null for a limit that is none; the default for nothing.</summary>
    public static int? LimitOf(string? text) => string.IsNullOrWhiteSpace(text) ? LimitDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax ? limit
        : null;

    /// <summary>The parts may hold no colon.</summary>
    public static string Encode(params ReadOnlySpan<string> parts) =>
        WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Join(':', ["1", .. parts])));

    /// <summary>The parts of a cursor, or null for anything that <see cref="Encode"/> did not make.</summary>
    public static string[]? Decode(string text)
    {
        if (text.Length > CursorLengthMax)
        {
            return null;
        }

        try
        {
            return Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text)).Split(':') is ["1", .. var parts] ? parts : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
