namespace BillingPortal.Voice;

/// <summary>Registers calls: settling and showing them.</summary>
public static class VoiceRegistration
{
    public static IServiceCollection AddVoice(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<CallOwners>();
        services.AddSingleton<VoiceCallService>();
        services.AddSingleton<VoiceCallReader>();
        return services;
    }
}
