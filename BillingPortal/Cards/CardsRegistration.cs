using BillingPortal.Outbox;

namespace BillingPortal.Cards;

/// <summary>Registers saved cards.</summary>
public static class CardsRegistration
{
    public static IServiceCollection AddCards(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CardsOptions>().Bind(configuration.GetSection(CardsOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<CardRows>();
        services.AddSingleton<CardService>();
        services.AddSingleton<CardSetupService>();
        services.AddSingleton<CardNews>();
        services.AddSingleton<CardExpiry>();
        services.AddTransient<StripeBrowser>();
        services.AddOutboxHandler<CardToSaveHandler>();
        services.AddOutboxHandler<CardSupersededHandler>();
        return services;
    }

    public static IEndpointRouteBuilder MapCards(this IEndpointRouteBuilder routes) => routes.MapCardEndpoints();
}
