using BillingPortal.Data;
using NpgsqlTypes;

namespace BillingPortal.Jobs.Monitor;

/// <summary>
/// What waits for a job at this moment, where an index over exactly that tells it: a count that stops early. For show alone; the
/// job itself decides what is due. Changes nothing.
/// </summary>
public sealed class JobBacklogs(TimeProvider time)
{
    /// <summary>Counts end here: "over 1,000".</summary>
    public const int CountMax = 1000;

    // $1 is the portal's time.
    private static readonly Dictionary<string, string> Due = new(StringComparer.Ordinal)
    {
        ["auto-recharge-check"] = "recharge_requests WHERE done_version < version",
        ["hold-expiry"] = "holds WHERE state = 'open' AND expires_at <= $1",
        ["phone-rent"] = "phone_numbers WHERE state = 'active' AND next_billing_date <= $1",
        ["number-sweep"] = "phone_numbers WHERE asked_at <= $1",
        ["sms-sweep"] = "sms_messages WHERE check_at <= $1",
        ["staff-refunds"] = "staff_actions WHERE state = 'executing' AND leased_until < clock_timestamp()",
        ["reconcile"] = "purchases WHERE state IN ('started', 'requires_action', 'processing') AND updated_at <= $1",
    };

    internal async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        UnitOfWork unit, IEnumerable<ScheduledJob> jobs, CancellationToken cancellationToken)
    {
        // The words are this class's own constants.
        var known = jobs.Where(job => Due.ContainsKey(job.Name)).Select(job =>
            $"SELECT '{job.Name}', (SELECT count(*) FROM (SELECT FROM {Due[job.Name]} LIMIT {CountMax + 1}) AS counted)").ToList();
        var backlog = new Dictionary<string, long>(StringComparer.Ordinal);
        if (known.Count == 0)
        {
            return backlog;
        }

        await using var command = unit.Command(
            $"SELECT * FROM ({string.Join("\nUNION ALL\n", known)}) AS due WHERE $1 IS NOT NULL", time.GetUtcNow());
        command.Parameters[0].NpgsqlDbType = NpgsqlDbType.TimestampTz;
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            backlog[row.GetString(0)] = row.GetInt64(1);
        }

        return backlog;
    }
}
