using BillingPortal.Ledger;
using BillingPortal.Outbox;

namespace BillingPortal.PhoneNumbers;

/// <summary>Registers the room's services, jobs' work and addresses.</summary>
public static class PhoneNumbersRegistration
{
    public static IServiceCollection AddPhoneNumbers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PhoneNumberOptions>().Bind(configuration.GetSection(PhoneNumberOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PhoneNumberReader>();
        services.AddSingleton<NumberMails>();
        services.AddSingleton<NumberEvents>();
        services.AddSingleton<RentBook>();
        services.AddSingleton<RentRows>();
        services.AddSingleton<RentBatch>();
        services.AddSingleton<RentService>();
        services.AddSingleton<ITopUpClaim, NumberTopUpClaim>();
        services.AddSingleton<NumberLinks>();
        services.AddSingleton<NumberSetUp>();
        services.AddSingleton<PhoneNumberService>();
        services.AddSingleton<NumberSweep>();
        services.AddSingleton<NumberShop>();
        services.AddSingleton<NumbersReader>();
        services.AddOutboxHandler<NumberRetryHandler>();
        services.AddOutboxHandler<NumberAddressHandler>();
        return services;
    }

    public static IEndpointRouteBuilder MapPhoneNumbers(this IEndpointRouteBuilder routes) =>
        routes.MapPhoneNumberEndpoints();
}
