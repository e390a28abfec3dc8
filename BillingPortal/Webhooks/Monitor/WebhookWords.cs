using System.Globalization;
using BillingPortal.Components.Shared;

namespace BillingPortal.Webhooks.Monitor;

/// <summary>Words for events, their states and their failures. Pure.</summary>
internal static class WebhookWords
{
    public static string Provider(string provider) => provider switch
    {
        WebhookInbox.Stripe => "Stripe",
        WebhookInbox.Twilio => "Twilio",
        WebhookInbox.Resend => "Resend",
        _ => provider,
    };

    public static string State(WebhookRow row) => State(row.State, row.LastError);

    public static string State(EventState state, string? error) => state switch
    {
        EventState.Pending when error is not null => "Will be tried again",
        EventState.Pending => "Waits",
        EventState.Handled => "Handled",
        EventState.Ignored => "Ignored",
        EventState.Kept => "Kept for a person",
        EventState.Dead => "Dead",
    };

    public static StatusTone Tone(EventState state, string? error) => state switch
    {
        EventState.Pending when error is not null => StatusTone.Warning,
        EventState.Pending => StatusTone.Info,
        EventState.Handled => StatusTone.Good,
        EventState.Ignored => StatusTone.Neutral,
        EventState.Kept => StatusTone.Warning,
        EventState.Dead => StatusTone.Bad,
    };

    /// <summary>What the state means, and what a person can do.</summary>
    public static string Meaning(EventState state, string? error) => state switch
    {
        EventState.Pending when error is not null => "The last try failed. It is tried again by itself; replaying changes nothing.",
        EventState.Pending => "It is being dealt with, or is next.",
        EventState.Handled => "Dealt with. Replaying it is harmless: it brings our rows to what the provider says now.",
        EventState.Ignored => "It means nothing here: a type nobody asked for, or an object that is not ours.",
        EventState.Kept => "Nothing was done: a person decides. An early warning of fraud may be worth a refund before the dispute.",
        EventState.Dead => "Given up after the last try. Mend the cause, then replay it.",
    };

    /// <summary>Why it failed, for somebody who does not read code; the recorded line stands beside it.</summary>
    public static string Plain(string error)
    {
        var (type, rest) = error.Split(": ", 2) is [var first, var last] ? (first, last) : ("", error);
        return type switch
        {
            _ when type.StartsWith("ProviderException", StringComparison.Ordinal) => type.Split(' ') switch
            {
                [_, "timeout"] => "The provider did not answer in time.",
                [_, "unreachable"] => "The provider could not be reached.",
                [_, "api_error"] => "The provider itself had a failure.",
                [_, "rate_limit" or "http_429"] => "The provider had too many calls of ours at once.",
                [_, var code] when code.StartsWith("http_5", StringComparison.Ordinal) => "The provider itself had a failure.",
                [_, var code] => $"The provider refused our call ({code}).",
                _ => "The provider refused our call.",
            },
            _ when type.StartsWith("PostgreSQL 40", StringComparison.Ordinal)
                || type.StartsWith("PostgreSQL 55", StringComparison.Ordinal) => "Two things changed the same row at once.",
            _ when type.StartsWith("PostgreSQL 23", StringComparison.Ordinal) => "A rule of the books forbade what it asked for.",
            _ when type.StartsWith("PostgreSQL", StringComparison.Ordinal) || type is "NpgsqlException" => "Our database was not well.",
            "TaskCanceledException" or "OperationCanceledException" or "TimeoutException" => "It took too long.",
            "InvalidOperationException" => rest,
            _ => "Something went wrong on our side.",
        };
    }

    /// <summary><c>12 ms</c>, <c>3.4 s</c>, <c>5 min</c>, <c>2 h</c>, <c>3 days</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        _ when span < TimeSpan.Zero => "–",
        _ when span < TimeSpan.FromSeconds(1) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        _ when span < TimeSpan.FromMinutes(1) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        _ when span < TimeSpan.FromHours(1) => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min"),
        _ when span < TimeSpan.FromDays(2) => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
    };

    public static string Count(long count) => count > WebhookMonitor.CountMax
        ? string.Create(CultureInfo.InvariantCulture, $"over {WebhookMonitor.CountMax:#,0}")
        : count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Events(long count) => count == 1 ? "1 event" : $"{Count(count)} events";

    /// <summary>What became of a replay: "18 handled, 1 waiting, 1 dead again".</summary>
    public static string Progress(IReadOnlyDictionary<EventState, int> states) => string.Join(", ", new[]
    {
        (EventState.Handled, "handled"), (EventState.Ignored, "ignored"), (EventState.Kept, "kept"),
        (EventState.Pending, "waiting"), (EventState.Dead, "dead again"),
    }.Where(one => states.GetValueOrDefault(one.Item1) > 0).Select(one =>
        string.Create(CultureInfo.InvariantCulture, $"{states[one.Item1]:#,0} {one.Item2}")));
}
