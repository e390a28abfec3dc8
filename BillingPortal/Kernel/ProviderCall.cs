namespace BillingPortal.Kernel;

/// <summary>Marks an address that a provider calls: anonymous, signed, many calls from few addresses.</summary>
public sealed class ProviderCall
{
    public static ProviderCall Mark { get; } = new();

    private ProviderCall()
    {
    }
}
