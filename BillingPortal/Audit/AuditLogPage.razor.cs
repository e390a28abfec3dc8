using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Audit;

/// <summary>The whole log for staff. The filter stands in the address, so that it can be kept and sent.</summary>
public sealed partial class AuditLogPage(
    AuditReader reader, TenantReader tenants, NavigationManager navigation, ILogger<AuditLogPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private AuditPage? _page;
    private AuditQuery? _shown;
    private string? _refusal;
    private string? _failure;

    [SupplyParameterFromQuery(Name = "tenant")]
    private string? Tenant { get; set; }

    [SupplyParameterFromQuery(Name = "actor")]
    private string? Actor { get; set; }

    [SupplyParameterFromQuery(Name = "action")]
    private string? Action { get; set; }

    [SupplyParameterFromQuery(Name = "subject")]
    private string? Subject { get; set; }

    [SupplyParameterFromQuery(Name = "id")]
    private string? Id { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private AuditQuery Query => new()
    {
        Tenant = Tenant,
        Actor = Actor,
        Action = Action,
        Subject = Subject,
        Id = Id,
        From = From,
        To = To,
        Cursor = Cursor,
    };

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Query)
        {
            _shown = Query;
            _page = null;
            await ReadAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private void Apply(AuditQuery query) => navigation.NavigateTo(query.Address);

    private async Task ReadAsync()
    {
        (_failure, _refusal) = (null, null);
        var query = Query;
        try
        {
            var request = query.Judge();
            var filter = request.Filter;
            if (request.Refusal is null && query.Tenant?.Trim() is { Length: > 0 } slug)
            {
                var tenant = await tenants.FindBySlugAsync(slug, _closing.Token);
                filter = filter with { TenantId = tenant?.Id };
                request = tenant is null ? request with { Refusal = $"There is no tenant with the short name {slug}." } : request;
            }

            _refusal = request.Refusal;
            var page = _refusal is null ? await reader.PageAsync(filter, request.Cursor, cancellationToken: _closing.Token) : null;
            if (query == Query)
            {
                _page = page;
            }
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, _failure, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit log could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The audit log was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
