using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace BillingPortal.Components.Shared;

/// <summary>Logs a page's failure under the reference that the person sees.</summary>
public sealed partial class PageErrorBoundary : ErrorBoundaryBase
{
    private string _referenceId = "";

    [Inject]
    private ILogger<PageErrorBoundary> Logger { get; set; } = default!;

    protected override Task OnErrorAsync(Exception exception)
    {
        _referenceId = Ids.New().ToString("N")[^12..];
        LogFailed(Logger, _referenceId, exception);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Error, "A page failed; reference {ReferenceId}")]
    private static partial void LogFailed(ILogger logger, string referenceId, Exception exception);
}
