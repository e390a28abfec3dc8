using System.Net;
using System.Text;

namespace BillingPortal.Sandbox.Control;

/// <summary>Scripts, styles and page frames, carried inside the assembly so that tests host them as well.</summary>
internal static class Assets
{
    /// <summary>The stand-in for Stripe.js is one file to its users and several here.</summary>
    private static readonly string[] StripeJs = [
        "api.js", "card-form.js", "bank-form.js", "method-form.js", "challenge.js", "elements.js", "stripe.js",
    ];

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/stripe.js", () => Script(
            "(() => {\n\"use strict\";\n" + string.Concat(StripeJs.Select(Read)) + "})();\n"));
        routes.MapGet("/assets/{name}", (string name) => name switch
        {
            "sandbox.css" or "control.css" or "phone.css" => Results.Text(Read(name), "text/css", Encoding.UTF8),
            "checkout.js" or "control.js" or "phone.js" or "challenge-page.js" => Script(Read(name)),
            _ => Results.NotFound(),
        });
    }

    /// <summary>A page frame with its title and content filled in; the content is HTML already.</summary>
    public static IResult Page(string name, string title, string content, int status = 200) => Results.Content(
        Read(name)
            .Replace("{{title}}", WebUtility.HtmlEncode(title), StringComparison.Ordinal)
            .Replace("{{content}}", content, StringComparison.Ordinal),
        "text/html", Encoding.UTF8, status);

    private static IResult Script(string text) => Results.Text(text, "text/javascript", Encoding.UTF8);

    private static string Read(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream("assets/" + name)
            ?? throw new InvalidOperationException($"The asset {name} is not embedded; see the project file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
