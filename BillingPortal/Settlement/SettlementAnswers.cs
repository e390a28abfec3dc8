using System.Text.Json;
using System.Text.Json.Serialization;
using BillingPortal.Data;
using BillingPortal.Jobs;
using BillingPortal.Kernel;

namespace BillingPortal.Settlement;

/// <summary>The answer of <c>GET /api/billing/monthly</c> to a tenant. Amounts are dollars, exact to four places.</summary>
/// <param name="Status"><c>open</c>, or <c>settled</c> when the running month was closed by a change of plan.</param>
/// <param name="Reserved">Rated and not debited yet, of all open months.</param>
/// <param name="GivenBack">Of that, credited again already, because it was for nothing; what it cost is the difference.</param>
/// <param name="SettlesAt">When the first open month is debited; null when nothing is reserved.</param>
public sealed record MonthlyAnswer(
    string Month, string Plan, string Mode, string Status, decimal Reserved, decimal GivenBack, int Events, int LateEvents, string Currency,
    DateTimeOffset? SettlesAt, IReadOnlyList<MonthlyAnswer.OpenLine> Open, IReadOnlyList<MonthlyAnswer.ServiceLine> Services,
    IReadOnlyList<MonthlyAnswer.SettledLine> Settled)
{
    internal static MonthlyAnswer Of(MonthlyStatus status) => new(
        status.Month.Code, status.Plan.ToCode(), TextCodes.Of(status.Mode), status.Closed is null ? "open" : "settled",
        status.Reserved.ToDecimal(), status.GivenBack.ToDecimal(), status.Events, status.LateEvents, "usd",
        status.Open is [var first, ..] ? first.Month.SettlesAt : null,
        [.. status.Open.Select(open => new OpenLine(open.Month.Code, open.Reserved.ToDecimal(), open.Month.SettlesAt))],
        [.. status.Services.Select(use => new ServiceLine(use.Service, use.Quantity, use.Events, use.Amount.ToDecimal()))],
        [.. status.History.Select(billing => new SettledLine(
            new BillingMonth(billing.Month).Code, billing.Amount.ToDecimal(), billing.Events, billing.LateEvents,
            $"usd-{billing.EntrySeq}", TextCodes.Of(billing.Reason), billing.SettledAt))]);

    /// <summary>A month that is not settled yet.</summary>
    public sealed record OpenLine(string Month, decimal Reserved, DateTimeOffset SettlesAt);

    /// <summary>What of one service is reserved.</summary>
    public sealed record ServiceLine(string Service, decimal Quantity, int Events, decimal Amount);

    /// <summary>A settled month.</summary>
    public sealed record SettledLine(
        string Month, decimal Amount, int Events, int LateEvents, string EntryId, string Reason, DateTimeOffset SettledAt);
}

/// <summary>The answer of <c>GET /api/billing/monthly</c> to staff and to the cron caller: all tenants.</summary>
/// <param name="Due">Of months that are over: the next run debits it.</param>
/// <param name="LastMonth">What was settled for the month before this one.</param>
public sealed record MonthlyTotalsAnswer(
    string Month, string Currency, MonthlyTotalsAnswer.Sum Reserved, MonthlyTotalsAnswer.Sum Due,
    MonthlyTotalsAnswer.Sum LastMonth, IReadOnlyList<MonthlyTotalsAnswer.Line> Tenants)
{
    internal static MonthlyTotalsAnswer Of(SettlementTotals totals) => new(
        totals.Month.Code, "usd", new Sum(totals.OpenTenants, totals.Reserved.ToDecimal()),
        new Sum(totals.DueTenants, totals.Due.ToDecimal()), new Sum(totals.SettledTenants, totals.Settled.ToDecimal()),
        [.. totals.Tenants.Select(one => new Line(one.Tenant, one.Month.Code, one.Reserved.ToDecimal()))]);

    /// <summary>So many months of tenants, so many dollars.</summary>
    public sealed record Sum(int Months, decimal Amount);

    /// <summary>One tenant's open month.</summary>
    public sealed record Line(string Tenant, string Month, decimal Reserved);
}

/// <summary>The answer of <c>POST /api/billing/monthly</c>: what the run did.</summary>
/// <param name="Already">Settled by another run a moment before.</param>
public sealed record SettlementAnswer(
    string Message, long Settled, long Already, long Failed, [property: JsonPropertyOrder(9)] DateTimeOffset Timestamp)
{
    internal static SettlementAnswer Of(string message, JobRun run, TimeProvider clock)
    {
        var counts = JsonSerializer.Deserialize<Dictionary<string, long>>(run.Counts) ?? [];
        return new SettlementAnswer(message, Count("settled"), Count("already"), Count("failed"), clock.GetUtcNow());

        long Count(string name) => counts.GetValueOrDefault(name);
    }
}
