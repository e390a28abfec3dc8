using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults.Checks;

/// <summary>The numbers in use here are the numbers owned at Twilio.</summary>
internal sealed class NumberCheck : ICheck
{
    public string Invariant => "numbers in use here = numbers owned at Twilio";

    public async Task<(long Looked, IReadOnlyList<string> Violations)> RunAsync(World world, Register register)
    {
        var owned = (await world.Control.TwilioListAsync("IncomingPhoneNumbers", "incoming_phone_numbers"))
            .Select(number => (string)number["phone_number"]!).Order(StringComparer.Ordinal).ToList();
        var used = await world.ReadAsync(
            "SELECT number FROM phone_numbers WHERE state IN ('active', 'suspended')", row => row.GetString(0));
        return (owned.Count,
        [
            .. owned.Except(used).Select(number => $"{number} is owned at Twilio and nobody's here. Look at: phone_numbers"),
            .. used.Except(owned).Select(number => $"{number} is in use here and not owned at Twilio"),
        ]);
    }
}
