using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Checks;

/// <summary>Every mail of the log is in its mailbox once, and the mailboxes hold nothing else.</summary>
internal sealed class MailCheck : ICheck
{
    public string Invariant => "every mail once";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        List<string> violations = [];
        var rows = await world.ReadAsync(
            "SELECT id, to_address, kind, state, coalesce(provider_id, '') FROM emails",
            row => (Id: row.GetGuid(0), To: row.GetString(1), Kind: row.GetString(2), State: row.GetString(3), Provider: row.GetString(4)));
        violations.AddRange(rows.Where(row => row.State is "pending" or "failed")
            .Select(row => $"mail {row.Id} ({row.Kind}) to {row.To} is {row.State}"));
        foreach (var customer in world.Customers)
        {
            var box = (await world.Control.MailboxAsync(customer.Mailbox)).Select(mail => (string)mail!["id"]!).ToList();
            var told = rows.Where(row => row.To == customer.Mailbox)
                .Where(row => row.State is not ("withheld" or "failed" or "pending")).ToList();
            violations.AddRange(told.Where(row => row.Provider.Length > 0)
                .GroupBy(row => row.Provider).Where(group => group.Count() > 1)
                .Select(group => $"{group.Count()} mails of the log are the provider's {group.Key}"));
            violations.AddRange(box.Except(told.Select(row => row.Provider))
                .Select(id => $"mail {id} in the mailbox {customer.Mailbox} is not in the log: sent twice?"));
            if (told.Count != box.Count && box.Count < 200)
            {
                violations.Add($"mailbox {customer.Mailbox} holds {box.Count} mails, the log {told.Count}. Look at: emails");
            }
        }

        return (rows.Count, violations);
    }
}
