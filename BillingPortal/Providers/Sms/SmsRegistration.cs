using Microsoft.Extensions.Options;

namespace BillingPortal.Providers.Sms;

/// <summary>Registers the Twilio client.</summary>
public static class SmsRegistration
{
    public static IServiceCollection AddSms(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TwilioOptions>().BindConfiguration(TwilioOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptionsValidator>();
        services.AddSingleton<TwilioClient>();
        services.AddSingleton<TwilioRequestCheck>();
        return services;
    }
}
