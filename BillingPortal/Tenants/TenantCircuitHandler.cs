using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BillingPortal.Tenants;

/// <summary>
/// Fills <see cref="CurrentTenant"/> of a circuit before its first component is made: a circuit has no request to
/// ask.
/// </summary>
internal sealed class TenantCircuitHandler(
    CurrentTenant tenant, AuthenticationStateProvider authentication, ILogger<TenantCircuitHandler> logger) : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken) =>
        tenant.Enter((await authentication.GetAuthenticationStateAsync()).User);

    // Staff that looks at a tenant changes nothing, wherever it clicks.
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next) => async activity =>
    {
        Acting.Enter(tenant);
        using var caller = CallerScope.Begin(logger, tenant);
        using var readOnly = tenant.View is null ? null : ReadOnlyWork.Begin();
        await next(activity);
    };
}
