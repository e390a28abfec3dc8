using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace BillingPortal.Webhooks;

/// <summary>Answers in Twilio's markup. Whatever a text holds, it stays text.</summary>
internal static class Twiml
{
    public const string ContentType = "text/xml; charset=utf-8";

    /// <summary>Do nothing more.</summary>
    public static string Nothing { get; } = Write(new XElement("Response"));

    /// <summary>Send this text back, and report about it.</summary>
    public static string Reply(string text, Uri statusCallback) => Write(new XElement(
        "Response",
        new XElement("Message", new XAttribute("statusCallback", statusCallback.AbsoluteUri), Writable(text))));

    private static string Write(XElement response) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + response.ToString(SaveOptions.DisableFormatting);

    // XML has no way at all to write most control characters or half a surrogate pair.
    private static string Writable(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
            {
                kept.Append(text[i]);
            }
            else if (char.IsSurrogatePair(text, i))
            {
                kept.Append(text, i++, 2);
            }
        }

        return kept.ToString();
    }
}
