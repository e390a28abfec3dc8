using BillingPortal.Kernel;
using BillingPortal.Outbox;

namespace BillingPortal.Alerts;

/// <summary>Registers mail to people: templates, outbox handler, log.</summary>
public static class AlertsRegistration
{
    public static IServiceCollection AddAlerts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AppOptions>().BindConfiguration(AppOptions.Section)
            .Validate(app =>
                app.PublicUrl is { IsAbsoluteUri: true }, "App:PublicUrl is not set, or is not an address.")
            .ValidateOnStart();
        services.AddSingleton<Mailer>();
        services.AddSingleton<RecipientReader>();
        services.AddSingleton<DeliveryService>();
        services.AddSingleton<MailSettings>();
        services.AddSingleton<MailRepeats>();
        services.AddSingleton<NoticeReader>();
        services.AddSingleton<NoticeService>();
        services.AddScoped<EmailRenderer>();
        services.AddScoped<PersonalMailer>();
        services.AddOutboxHandler<EmailHandler>();
        services.AddOutboxHandler<PersonMailHandler>();
        return services;
    }
}
