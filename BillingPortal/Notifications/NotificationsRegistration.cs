using BillingPortal.Components.Layout;
using BillingPortal.Notifications.Log;
using BillingPortal.Outbox;

namespace BillingPortal.Notifications;

/// <summary>Registers what is decided about telling people: levels, the watcher, upcoming charges, the check over HTTP.</summary>
public static class NotificationsRegistration
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NotificationsOptions>().Bind(configuration.GetSection(NotificationsOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOutboxHandler<RentPriceHandler>();
        services.AddSingleton<AlertReader>();
        services.AddSingleton<AlertCandidates>();
        services.AddSingleton<AlertMails>();
        services.AddSingleton<AlertJudge>();
        services.AddSingleton<AlertWatch>();
        services.AddSingleton<UpcomingCharges>();
        services.AddSingleton<BalanceCheck>();
        services.AddSingleton<NotificationsView.Reader>();
        services.AddSingleton<MailLogReader>();
        services.AddSingleton(ShellPart.Of<NotificationBell>(ShellPlace.TopBar));
        services.AddSingleton(ShellPart.Of<NoticeBanner>(ShellPlace.AboveContent));
        return services;
    }

    public static IEndpointRouteBuilder MapNotifications(this IEndpointRouteBuilder routes) =>
        routes.MapBalanceCheck();
}
