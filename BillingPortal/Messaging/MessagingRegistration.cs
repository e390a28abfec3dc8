using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Settlement;
using Microsoft.Extensions.Options;

namespace BillingPortal.Messaging;

/// <summary>Registers the room's services, jobs' work and addresses.</summary>
public static class MessagingRegistration
{
    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MessagingOptions>().Bind(configuration.GetSection(MessagingOptions.Section))
            .ValidateDataAnnotations()
            .Validate(
                options => options.DefaultCountryList is { Length: > 0 } list && list.All(CountryPrefixes.Countries.Contains),
                "Messaging:DefaultCountries must be two-letter codes of countries with commas between, such as US,CA.")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<MessagingOptions>>().Value);
        services.AddSingleton<SmsAddresses>();
        services.AddSingleton<SmsAdmission>();
        services.AddSingleton<SmsSettlement>();
        services.AddSingleton<SmsService>();
        services.AddSingleton<SmsStatusService>();
        services.AddSingleton<SmsReplies>();
        services.AddSingleton<InboundSmsService>();
        services.AddSingleton<SmsLookup>();
        services.AddSingleton<SmsSweep>();
        services.AddSingleton<SmsSettingsService>();
        services.AddSingleton<SmsOptOutService>();
        services.AddSingleton<SmsStatsReader>();
        services.AddSingleton<ITopUpClaim, UnpaidInboundClaim>();
        services.AddSingleton<IGivenBack, SmsGivenBack>();
        services.AddOutboxHandler<UnpaidInboundHandler>();
        return services.AddSmsPages();
    }

    public static IEndpointRouteBuilder MapMessaging(this IEndpointRouteBuilder routes) => routes.MapSms().MapSmsExport();
}
