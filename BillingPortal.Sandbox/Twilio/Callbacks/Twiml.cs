using System.Xml;
using System.Xml.Linq;
using BillingPortal.Sandbox.Webhooks;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary>Reads what a web server answered to an incoming message or call.</summary>
internal static class Twiml
{
    private static readonly string[] XmlTypes = ["text/xml", "application/xml", "text/html"];
    private static readonly string[] MessageVerbs = ["Message", "Redirect"];

    private static readonly string[] VoiceVerbs =
    [
        "Connect", "Dial", "Enqueue", "Gather", "Hangup", "Leave", "Pause", "Play", "Record", "Redirect", "Refer",
        "Reject", "Say", "Start", "Stop",
    ];

    private static readonly XmlReaderSettings Strict = new() { DtdProcessing = DtdProcessing.Prohibit };

    public static TwimlReading ReadForMessage(WebhookAnswer answer) => Read(answer, MessageVerbs);

    public static TwimlReading ReadForCall(WebhookAnswer answer) => Read(answer, VoiceVerbs);

    private static TwimlReading Read(WebhookAnswer answer, string[] verbs)
    {
        if (!answer.IsAccepted)
        {
            return new([], [Complaint.NotRetrieved(answer.Words)]);
        }

        if (answer.Body.Length == 0)
        {
            return new([], []);
        }

        if (answer.ContentType == "text/plain" && verbs == MessageVerbs)
        {
            return new([new TwimlMessage(answer.Body, null, null, null)], []);
        }

        if (!XmlTypes.Contains(answer.ContentType))
        {
            return new([], [Complaint.WrongType(answer.ContentType.Length == 0 ? "none" : answer.ContentType)]);
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(answer.Body), Strict);
            return Read(XDocument.Load(reader).Root!, verbs);
        }
        catch (XmlException failure)
        {
            return new([], [Complaint.NotXml(failure.Message)]);
        }
    }

    private static TwimlReading Read(XElement root, string[] verbs)
    {
        if (root.Name != "Response")
        {
            return new([], [Complaint.NotTwiml($"the document must be a <Response>, not a <{root.Name}>")]);
        }

        var complaints = root.Elements().Where(one => !verbs.Contains(one.Name.ToString()))
            .Select(one => Complaint.NotTwiml($"<{one.Name}> is not allowed in this <Response>")).ToList();
        var messages = root.Elements("Message").Select(Message).ToList();
        if (messages.Exists(one => one.Text.Length == 0))
        {
            complaints.Add(Complaint.NotTwiml("a <Message> is empty"));
        }

        return new([.. messages.Where(one => one.Text.Length > 0)], complaints);
    }

    private static TwimlMessage Message(XElement element) => new(
        (element.Element("Body") ?? element).Value,
        (string?)element.Attribute("to"),
        (string?)element.Attribute("from"),
        (string?)element.Attribute("statusCallback") ?? (string?)element.Attribute("action"));
}

/// <summary>The messages to send, and what is wrong.</summary>
internal sealed record TwimlReading(IReadOnlyList<TwimlMessage> Messages, IReadOnlyList<Complaint> Complaints);

/// <summary>One <c>&lt;Message&gt;</c>; without numbers it goes back where the first one came from.</summary>
internal sealed record TwimlMessage(string Text, string? To, string? From, string? StatusCallback);
