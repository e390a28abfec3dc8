namespace BillingPortal.Tenants;

/// <summary>When usage on the wallet plan is debited. Rent and set-up of numbers are debited at once in either mode.</summary>
public enum SettlementMode
{
    /// <summary>Reserved as it happens, debited as one settlement on the 1st of the next month at 02:00 UTC.</summary>
    Monthly = 1,

    /// <summary>Debited as it happens.</summary>
    Immediate,
}
