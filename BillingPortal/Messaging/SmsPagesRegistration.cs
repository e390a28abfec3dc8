namespace BillingPortal.Messaging;

/// <summary>Registers what the room's pages read by, and how a past is written.</summary>
internal static class SmsPagesRegistration
{
    public static IServiceCollection AddSmsPages(this IServiceCollection services)
    {
        services.AddSingleton<SmsReader>();
        services.AddSingleton<SmsFiguresReader>();
        services.AddSingleton<SmsSenders>();
        services.AddSingleton<SmsView.Reader>();
        services.AddSingleton<SmsExporter>();
        services.AddSingleton<SmsComposeReader>();
        services.AddSingleton<SmsOptOutReader>();
        services.AddSingleton<SmsPast>();
        return services;
    }
}
