using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BillingPortal.Components.Shared;
using BillingPortal.Data;

namespace BillingPortal.Jobs.Monitor;

/// <summary>Words for jobs, their runs and what they counted. Pure.</summary>
internal static partial class JobWords
{
    private static readonly Dictionary<string, string> About = new(StringComparer.Ordinal)
    {
        ["auto-recharge-check"] = "Recharges whose request was lost or came during a cooldown",
        ["smart-recharge"] = "Fits the thresholds of rules in smart mode to the usage",
        ["recharge-notices"] = "Tells people of a likely recharge some hours ahead",
        ["purchase-sweep"] = "Payments whose answer never came, by asking Stripe",
        ["reconcile"] = "Missed events of Stripe, and our open payments against Stripe's",
        ["balance-alerts"] = "Alert levels of balances that left their band",
        ["upcoming-charges"] = "Mails about phone numbers that renew within three days",
        ["card-expiry"] = "Mails about cards that expire in 30 and 7 days",
        ["grant-expiry"] = "Bonus and promotional credits that expire, and the warning before",
        ["statements"] = "Last month's statements, made and mailed",
        ["receipts"] = "Receipts that are missing",
        ["invoice-reminders"] = "Reminders of invoices, due and overdue",
        ["hold-expiry"] = "Reservations that nobody captured",
        ["phone-rent"] = "Rent of phone numbers, suspensions and retries",
        ["monthly-settlement"] = "Last month's usage of the wallet plan, as one debit",
        ["number-sweep"] = "Phone numbers whose purchase or release has no answer",
        ["sms-sweep"] = "Messages without an answer, by asking Twilio",
        ["staff-refunds"] = "Refunds without an answer, requests nobody decided",
        ["idempotency-sweep"] = "Stored answers older than a day, removed",
        ["budgets"] = "Budgets of services against what was used, and their warnings",
        ["recharge-cohorts"] = "Tenants by the month of their first payment, counted",
        ["usage-days"] = "Usage added up by day for accounts that nobody has looked at",
        ["session-sweep"] = "Sessions, links and counted sign-in attempts that are over, removed",
        ["webhook-cleanup"] = "Old deliveries of tenants' webhooks, removed",
        ["ledger-audit"] = "The books: balances against entries",
    };

    /// <summary>What it does; empty for a job that is newer than this list.</summary>
    public static string Of(string name) => About.GetValueOrDefault(name, "");

    public static (string Text, StatusTone Tone) State(JobStatus status) => status switch
    {
        { IsUnderWay: true } => ("Running", StatusTone.Info),
        { IsAbandoned: true } => ("Interrupted", StatusTone.Warning),
        { Last: { } last } => State(last.Outcome),
        _ => ("Never ran", StatusTone.Neutral),
    };

    public static (string Text, StatusTone Tone) State(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Running => ("Running", StatusTone.Info),
        JobOutcome.Succeeded => ("Succeeded", StatusTone.Good),
        JobOutcome.Failed => ("Failed", StatusTone.Bad),
        JobOutcome.Interrupted => ("Interrupted", StatusTone.Warning),
        JobOutcome.Skipped => ("Skipped", StatusTone.Neutral),
    };

    /// <summary>"3 billed, 1 failed"; what is nothing is left out, and where all is nothing it says so.</summary>
    public static string Counts(JobRun run)
    {
        var counts = JsonSerializer.Deserialize<Dictionary<string, long>>(run.Counts) ?? [];
        return counts.Count == 0 ? "" : counts.Values.All(count => count == 0)
            ? "nothing to do"
            : string.Join(", ", counts.Where(pair => pair.Value != 0).Select(pair =>
                string.Create(CultureInfo.InvariantCulture, $"{pair.Value:#,0} {Words(pair.Key)}")));
    }

    /// <summary>How many things the run itself says it could not do.</summary>
    public static long Failures(JobRun run)
    {
        var counts = JsonSerializer.Deserialize<Dictionary<string, long>>(run.Counts) ?? [];
        return counts.GetValueOrDefault("failed") + counts.GetValueOrDefault("violations");
    }

    public static IReadOnlyList<RunFault> Faults(JobRun run) => JsonSerializer.Deserialize<List<RunFault>>(run.Faults) ?? [];

    public static string Backlog(long? count) => count switch
    {
        null => "–",
        > JobBacklogs.CountMax => string.Create(CultureInfo.InvariantCulture, $"over {JobBacklogs.CountMax:#,0}"),
        { } known => known.ToString("#,0", CultureInfo.InvariantCulture),
    };

    /// <summary><c>12 ms</c>, <c>3.4 s</c>, <c>5 min 3 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Span(TimeSpan? span) => span switch
    {
        null => "–",
        { TotalSeconds: < 0 } => "–",
        { TotalSeconds: < 1 } brief => string.Create(CultureInfo.InvariantCulture, $"{brief.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } some => string.Create(CultureInfo.InvariantCulture, $"{some.TotalSeconds:0.#} s"),
        { TotalHours: < 1 } longer => string.Create(CultureInfo.InvariantCulture, $"{longer.Minutes} min {longer.Seconds} s"),
        { } hours => string.Create(CultureInfo.InvariantCulture, $"{(int)hours.TotalHours} h {hours.Minutes} min"),
    };

    /// <summary>How long until then: "in 40 s", "in 3 h".</summary>
    public static string In(TimeSpan wait) => wait switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalMinutes: < 1.5 } => string.Create(CultureInfo.InvariantCulture, $"in {wait.TotalSeconds:0} s"),
        { TotalHours: < 1.5 } => string.Create(CultureInfo.InvariantCulture, $"in {wait.TotalMinutes:0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"in {wait.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"in {wait.TotalDays:0} days"),
    };

    public static string Refused(JobStart start, string name) => start.Outcome switch
    {
        JobStartOutcome.Started => $"{name} was started. You may leave this page.",
        JobStartOutcome.UnknownJob => $"There is no job {name} in the schedule.",
        JobStartOutcome.NotAllowed => "Only a support lead starts jobs.",
        JobStartOutcome.UnderWay => $"{name} is running already, and never runs twice at once. Wait until it has ended.",
    };

    private static string Words(string name) => Boundary().Replace(name, " $1").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])")]
    private static partial Regex Boundary();
}
