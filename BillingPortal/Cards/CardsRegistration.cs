namespace BillingPortal.Cards;

/// <summary>Registers saved cards.</summary>
public static class CardsRegistration
{
    public static IServiceCollection AddCards(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapCards(this IEndpointRouteBuilder routes) => routes;
}
