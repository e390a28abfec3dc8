using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Checks;

/// <summary>
/// Every acknowledged message is at Twilio once and here with its final state and one price; no refused one was sent; nothing at Twilio
/// is unknown here.
/// </summary>
internal sealed class SmsCheck : ICheck
{
    public string Invariant => "every acknowledged SMS at Twilio once, its final state and price here; none sent twice";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        List<string> violations = [];
        var sent = (await world.Control.TwilioListAsync("Messages", "messages"))
            .Where(message => (string?)message["direction"] == "outbound-api")
            .ToLookup(message => (string)message["to"]!);
        var rows = (await world.ReadAsync(
            "SELECT peer, state, payment, provider_sid, tenant_id, id FROM sms_messages WHERE direction = 'outbound'",
            row => (Peer: row.GetString(0), State: row.GetString(1), Payment: row.GetString(2),
                Sid: row.IsDBNull(3) ? "" : row.GetString(3), Tenant: row.GetGuid(4), Id: row.GetGuid(5))))
            .ToLookup(row => row.Peer);
        foreach (var message in sent.Where(to => to.Count() > 1))
        {
            violations.Add($"{message.Key} was sent {message.Count()} messages: {string.Join(", ", message.Select(one => one["sid"]))}");
        }

        foreach (var (handset, (customer, sid)) in register.Sms)
        {
            var there = sent[handset].ToList();
            var here = rows[handset].Where(row => row.Sid == sid).ToList();
            if (there.Count != 1 || (string?)there[0]["sid"] != sid || here.Count != 1)
            {
                violations.Add($"{handset}: {sid} of customer {customer.Index} was acknowledged; {there.Count} at Twilio, "
                    + $"{here.Count} here. Look at: sms_messages by peer");
            }
        }

        foreach (var message in sent.SelectMany(to => to))
        {
            var (handset, sid, status) = ((string)message["to"]!, (string)message["sid"]!, (string)message["status"]!);
            var here = rows[handset].Where(row => row.Sid == sid).ToList();
            var payment = status == "delivered" ? "charged" : "refunded";
            if (here.Count != 1 || here[0].State != status || here[0].Payment != payment)
            {
                violations.Add($"{sid} to {handset} is {status} at Twilio; here: "
                    + (here.Count == 0 ? "nothing" : string.Join(", ", here.Select(row => $"{row.Id} {row.State}, {row.Payment}"))));
            }
        }

        violations.AddRange(register.RefusedSms.Keys.Where(handset => sent[handset].Any())
            .Select(handset => $"{handset} was refused and sent"));
        return (sent.Count, violations);
    }
}
