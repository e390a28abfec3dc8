using BillingPortal.Cards;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Purchases;
using Microsoft.Extensions.Options;

namespace BillingPortal.AutoRecharge;

/// <summary>Registers auto-recharge: rule, drain, sweep.</summary>
public static class AutoRechargeRegistration
{
    public static IServiceCollection AddAutoRecharge(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RechargeOptions>().Bind(configuration.GetSection(RechargeOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RechargeOptions>>().Value);
        services.AddSingleton<UsagePaceReader>();
        services.AddSingleton<SituationReader>();
        services.AddSingleton<StripeCharge>();
        services.AddSingleton<RechargeMails>();
        services.AddSingleton<RechargeEvents>();
        services.AddSingleton<RechargeOutcomes>();
        services.AddSingleton<RechargeCharger>();
        services.AddSingleton<RechargeDue>();
        services.AddSingleton<AutoRechargeService>();
        services.AddSingleton<SmartTuner>();
        services.AddSingleton<SmartRechargeService>();
        services.AddSingleton<RechargeNotices>();
        services.AddSingleton<RechargeSettings>();
        services.AddSingleton<RechargeReader>();
        services.AddSingleton<RechargeConfirmation>();
        services.AddSingleton<IRechargeSwitch, RechargeNeighbours>();
        services.AddSingleton<ICardUse, RechargeNeighbours>();
        services.AddSingleton<INumberGrace, RechargeGrace>();
        services.AddOutboxHandler<RechargePurchaseHandler>();
        services.AddOutboxHandler<RechargeCardHandler>();
        services.AddOutboxHandler<CardToTryHandler>();
        services.AddSingleton<RechargeDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<RechargeDrain>());
        services.AddSingleton<RechargeResumer>();
        services.AddHostedService(provider => provider.GetRequiredService<RechargeResumer>());
        return services;
    }

    public static IEndpointRouteBuilder MapAutoRecharge(this IEndpointRouteBuilder routes) =>
        routes.MapAutoRechargeEndpoints();
}
