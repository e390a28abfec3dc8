using System.Diagnostics.Metrics;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Monitoring;

/// <summary>Shows the last readings as gauges, and what this process holds in memory. Never asks the database itself.</summary>
internal sealed class StateGauges : IDisposable
{
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Watch _watch;

    public StateGauges(Watch watch, LedgerWriter ledger)
    {
        _watch = watch;
        _meter.CreateObservableGauge(
            "billing.readings.age", () => watch.Age.TotalSeconds, "s", "Age of the state that was last read from the database");
        _meter.CreateObservableGauge(
            "billing.ledger.queue_depth", () => ledger.QueueDepth, "{posting}", "Postings that wait for the next commit in this process");
        Queue("outbox", "billing.outbox", "messages that are due");
        Queue("inbox", "billing.webhooks.inbox", "events of providers that are due");
        Queue("tenant_webhooks", "billing.tenant_webhooks", "webhooks to tenants that are due");
        Queue("recharges.requests", "billing.recharges.requests", "crossings of a threshold that nobody has looked at");
        Queue("recharges.in_flight", "billing.recharges.in_flight", "recharges without a clear answer");
        Dead("outbox.dead", "billing.outbox.dead", "Messages that were given up");
        Dead("inbox.dead", "billing.webhooks.inbox.dead", "Events of providers that were given up");
        _meter.CreateObservableGauge(
            "billing.audit.age", () => Seconds(readings => readings.AuditAt), "s", "Age of the last proof of the books");
        _meter.CreateObservableGauge(
            "billing.audit.violations", () => One(readings => readings.Violations), "{violation}", "What the last proof found");
        Jobs("billing.jobs.overdue", null, "1 while a run that the schedule wanted is missing", (job, _) => job.IsOverdue ? 1 : 0);
        Jobs("billing.jobs.last_success_age", "s", "Since the job last ended well", (job, now) =>
            job.LastSuccessAt is { } at ? Math.Max(0, (now - at).TotalSeconds) : null);
        Jobs("billing.jobs.backlog", "{row}", "What waits for the job, where that can be told cheaply", (job, _) => job.Backlog);
    }

    public void Dispose() => _meter.Dispose();

    private void Queue(string queue, string name, string what)
    {
        _meter.CreateObservableGauge(
            $"{name}.pending", () => One(readings => readings.Queues.GetValueOrDefault(queue)?.Count), "{row}",
            $"How many {what}, up to {ReadingsReader.CountMax}");
        _meter.CreateObservableGauge(
            $"{name}.oldest_age", () => One(readings => readings.Queues.GetValueOrDefault(queue) is { } waiting
                ? waiting.Oldest is { } since ? Math.Max(0, (readings.At - since).TotalSeconds) : 0
                : null), "s", $"How long the oldest of the {what} has waited");
    }

    private void Dead(string queue, string name, string what) => _meter.CreateObservableGauge(
        name, () => One(readings => readings.Queues.GetValueOrDefault(queue)?.Count), "{row}", what);

    private void Jobs(string name, string? unit, string description, Func<JobState, DateTimeOffset, double?> value) =>
        _meter.CreateObservableGauge(
            name, () => _watch.Latest is not { } readings ? [] :
                from job in readings.Jobs
                let measured = value(job, readings.At)
                where measured is not null
                select new Measurement<double>(measured.Value, new KeyValuePair<string, object?>("job.name", job.Name)),
            unit, description);

    private IEnumerable<Measurement<double>> Seconds(Func<Readings, DateTimeOffset?> since) =>
        One(readings => since(readings) is { } at ? Math.Max(0, (readings.At - at).TotalSeconds) : null);

    private IEnumerable<Measurement<double>> One(Func<Readings, double?> value) =>
        _watch.Latest is { } readings && value(readings) is { } measured ? [new Measurement<double>(measured)] : [];
}
