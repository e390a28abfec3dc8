using System.Diagnostics;
using System.Globalization;
using BillingPortal.Alerts;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Notifications.Log;

/// <summary>The log of all mails for staff. The filter stands in the address, so that it can be kept and sent.</summary>
public sealed partial class EmailsPage(
    MailLogReader reader, TenantReader tenants, NavigationManager navigation, ILogger<EmailsPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private IReadOnlyDictionary<EmailState, int>? _day;
    private MailPage? _page;
    private MailQuery? _shown;
    private string? _refusal;
    private string? _failure;

    [SupplyParameterFromQuery(Name = "state")]
    private string? State { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "tenant")]
    private string? Tenant { get; set; }

    [SupplyParameterFromQuery(Name = "address")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? Until { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private MailQuery Query => new()
    {
        State = State,
        Kind = Kind,
        Tenant = Tenant,
        To = To,
        From = From,
        Until = Until,
        Cursor = Cursor,
    };

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Query)
        {
            (_shown, _page) = (Query, null);
            await ReadAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private void Apply(MailQuery query) => navigation.NavigateTo(query.Address);

    private string Count(EmailState state) => (_day?.GetValueOrDefault(state) ?? 0).ToString("#,0", CultureInfo.InvariantCulture);

    private async Task ReadAsync()
    {
        (_failure, _refusal) = (null, null);
        var query = Query;
        try
        {
            _day = await reader.DayAsync(_closing.Token);
            var (filter, cursor, refusal) = query.Judge();
            if (refusal is null && query.Tenant?.Trim() is { Length: > 0 } slug)
            {
                var tenant = await tenants.FindBySlugAsync(slug, _closing.Token);
                filter = filter with { TenantId = tenant?.Id };
                refusal = tenant is null ? $"There is no tenant with the short name {slug}." : null;
            }

            var page = refusal is null ? await reader.PageAsync(filter, cursor, _closing.Token) : null;
            if (query == Query)
            {
                (_page, _refusal) = (page, refusal);
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

    [LoggerMessage(LogLevel.Error, "The log of mails could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The log of mails was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
