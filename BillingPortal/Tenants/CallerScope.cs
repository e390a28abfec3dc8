using System.Security.Claims;
using BillingPortal.Kernel;

namespace BillingPortal.Tenants;

/// <summary>Says on every log line of a request or a circuit's event for whom it was written: ids, never names.</summary>
internal static class CallerScope
{
    public static IDisposable? Begin(ILogger logger, CurrentTenant caller) => caller.Principal.Identity is not { IsAuthenticated: true }
        ? null
        : logger.With(
            ("TenantId", caller.IsPresent ? caller.Id : null), ("UserId", caller.UserId), ("StaffId", caller.View?.StaffId),
            ("KeyId", caller.Principal.FindFirstValue(SessionClaims.ApiKeyId)));
}
