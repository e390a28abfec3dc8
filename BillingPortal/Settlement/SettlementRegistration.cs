using BillingPortal.AutoRecharge;

namespace BillingPortal.Settlement;

/// <summary>Registers reservations, the monthly settlement and the change of plans.</summary>
public static class SettlementRegistration
{
    public static IServiceCollection AddSettlement(this IServiceCollection services)
    {
        services.AddSingleton<MonthlyReservations>();
        services.AddSingleton<SettlementService>();
        services.AddSingleton<SettlementReader>();
        services.AddSingleton<PlanService>();
        services.AddSingleton<IReservedUse, ReservedUse>();
        return services;
    }
}
