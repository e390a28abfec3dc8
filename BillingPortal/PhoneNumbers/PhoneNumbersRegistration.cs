namespace BillingPortal.PhoneNumbers;

/// <summary>Registers the room's services, jobs' work and addresses.</summary>
public static class PhoneNumbersRegistration
{
    public static IServiceCollection AddPhoneNumbers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<PhoneNumberReader>();
        return services;
    }

    public static IEndpointRouteBuilder MapPhoneNumbers(this IEndpointRouteBuilder routes) => routes;
}
