using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Tenants.Team.History;

/// <summary>An account's own part of the log. The filter stands in the address, so that it can be kept and sent.</summary>
public sealed partial class HistoryPage(
    AuditReader reader, CurrentTenant current, NavigationManager navigation, ILogger<HistoryPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private IReadOnlyList<AuditPerson> _people = [];
    private IReadOnlyList<HistoryLine> _lines = [];
    private AuditPage? _page;
    private HistoryQuery? _shown;
    private string? _refusal;
    private string? _failure;

    [SupplyParameterFromQuery(Name = "who")]
    private string? Who { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private HistoryQuery Query => new() { Who = Who, Kind = Kind, From = From, To = To, Cursor = Cursor };

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

    private void Apply(HistoryQuery query) => navigation.NavigateTo(query.Address);

    private async Task ReadAsync()
    {
        _failure = null;
        var query = Query;
        try
        {
            var request = query.Judge(TimeZoneInfo.FindSystemTimeZoneById(current.TimeZone));
            _refusal = request.Refusal;
            _people = await reader.PeopleOfTenantAsync(current.Id, _closing.Token);
            var page = _refusal is not null ? null
                : await reader.PageOfTenantAsync(current.Id, request.Filter, request.Cursor, cancellationToken: _closing.Token);
            if (query == Query)
            {
                (_page, _lines) = (page, [.. page?.Items.Select(item => HistoryLine.Of(item.Line)) ?? []]);
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

    [LoggerMessage(LogLevel.Error, "The history of a tenant could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The history of a tenant was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
