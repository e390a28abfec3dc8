using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Layout;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Support;

/// <summary>One tenant as the staff sees it, read-only, with the ways to a refund and an adjustment. Opening it is written down.</summary>
public sealed partial class TenantPage(
    TenantDesk desk, PurchaseReader purchases, BalanceFeed feed, CurrentTenant current, ILogger<TenantPage> logger)
    : ComponentBase, IDisposable
{
    private TenantFile? _file;
    private TimelineCard? _timeline;
    private IDisposable? _subscription;
    private IReadOnlyList<Purchase> _older = [];
    private Guid? _opened;
    private bool _hasOlder;
    private string? _failure;
    private bool _isMissing;

    [Parameter]
    public Guid Id { get; set; }

    /// <summary>Why a look at the tenant's portal did not begin.</summary>
    [SupplyParameterFromQuery]
    private string? View { get; set; }

    private static bool HasInvoices => NavigationItem.HasPage("/staff/tenants/{Id:guid}/invoices")
        || NavigationItem.HasPage("/staff/tenants/{TenantId:guid}/invoices");

    private string? Subtitle => _file is { Tenant: var tenant }
        ? $"{tenant.Slug} · {(tenant.Plan is Unit.Credits ? "credits" : "wallet")} plan · {tenant.TimeZone} · {tenant.Id}"
        : null;

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Id)
        {
            return;
        }

        (_opened, _file, _isMissing, _older) = (Id, null, false, []);
        // Subscribe first, then read: a change in between rings again and is never missed.
        _subscription?.Dispose();
        _subscription = feed.Subscribe(Id, () => InvokeAsync(HearAsync));
        await LoadAsync();
    }

    public void Dispose() => _subscription?.Dispose();

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            if (_file is null && await desk.ReadAsync(Id) is { } file)
            {
                await desk.NoteOpenedAsync(Id, current.Actor);
                _file = file;
                _hasOlder = file.Payments.Count == TenantFile.PaymentsMax;
            }

            _isMissing = _file is null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }
    }

    private async Task OlderAsync()
    {
        var last = _older.Count > 0 ? _older[^1] : _file!.Payments[^1];
        var more = await purchases.ListAsync(Id, TenantFile.PaymentsMax, last.CreatedAt);
        (_older, _hasOlder) = ([.. _older, .. more], more.Count == TenantFile.PaymentsMax);
    }

    private async Task HearAsync()
    {
        try
        {
            if (_file is not null)
            {
                _file = await desk.ReadAsync(Id);
                await (_timeline?.RefreshAsync() ?? Task.CompletedTask);
                StateHasChanged();
            }
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    [LoggerMessage(LogLevel.Error, "A tenant's page could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
