namespace BillingPortal.Providers.Email;

/// <summary>Registers the Resend client.</summary>
public static class EmailRegistration
{
    public static IServiceCollection AddEmail(this IServiceCollection services, IConfiguration configuration) => services;
}
