using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Twilio.Api;

namespace BillingPortal.Sandbox.Twilio.Callbacks;

/// <summary>An error of the account's own web server, as Twilio's debugger lists it.</summary>
internal sealed record DebuggerAlert : IRecord
{
    public required string Id { get; init; }

    public required int ErrorCode { get; init; }

    public required string Text { get; init; }

    public required string Url { get; init; }

    /// <summary>The message or call it happened to.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset At { get; init; }

    public static void Raise(Change change, TwilioCallback callback, Complaint complaint, DateTimeOffset now) =>
        change.Put(new DebuggerAlert
        {
            Id = TwilioIds.New("NO"),
            ErrorCode = complaint.Code,
            Text = complaint.Text,
            Url = callback.Url,
            Subject = callback.Subject,
            At = now,
        });
}

/// <summary>What is wrong with an answer, by Twilio's number.</summary>
internal sealed record Complaint(int Code, string Text)
{
    public static Complaint NotRetrieved(string words) => new(11200, $"HTTP retrieval failure: {words}");

    public static Complaint NotXml(string words) => new(12100, $"Document parse failure: {words}");

    public static Complaint NotTwiml(string words) => new(12200, $"Schema validation warning: {words}");

    public static Complaint WrongType(string type) => new(12300, $"Invalid Content-Type: {type}");
}
