using System.Globalization;
using System.Net;
using System.Text;
using BillingPortal.Sandbox.Stripe.Cards;

namespace BillingPortal.Sandbox.Control;

/// <summary>The control page at <c>/</c>: the frame and the test cards; the rest is filled in by its script.</summary>
internal static class ControlPage
{
    public static void MapControlPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", () => Assets.Page("control.html", "Sandbox", Cards()));

    private static string Cards()
    {
        var rows = new StringBuilder();
        foreach (var card in TestCards.All)
        {
            var number = Grouped(card);
            var own = card.IsSandboxOnly ? """ <span class="badge">sandbox only</span>""" : "";
            rows.Append(CultureInfo.InvariantCulture, $"""
                <tr>
                  <td data-label="Number"><button type="button" class="copy" data-copy="{card.Number}"
                    aria-label="Copy {number}"><code>{number}</code></button></td>
                  <td data-label="What it does">{WebUtility.HtmlEncode(card.Does)}{own}</td>
                  <td data-label="PaymentMethod"><code>{card.Name}</code></td>
                </tr>
                """);
        }

        return rows.ToString();
    }

    private static string Grouped(TestCard card) => card.Brand == "amex"
        ? $"{card.Number[..4]} {card.Number[4..10]} {card.Number[10..]}"
        : string.Join(' ', card.Number.Chunk(4).Select(part => new string(part)));
}
