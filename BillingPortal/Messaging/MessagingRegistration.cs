namespace BillingPortal.Messaging;

/// <summary>Registers the room's services, jobs' work and addresses.</summary>
public static class MessagingRegistration
{
    public static IServiceCollection AddMessaging(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapMessaging(this IEndpointRouteBuilder routes) => routes;
}
