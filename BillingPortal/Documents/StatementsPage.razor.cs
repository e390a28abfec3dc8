using System.Diagnostics;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Documents;

/// <summary>Months with their files, receipts, and what the tenant wants to read on both.</summary>
public sealed partial class StatementsPage(
    CurrentTenant tenant, StatementsView.Reader views, BalanceFeed feed, ILogger<StatementsPage> logger)
    : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private StatementsView? _view;
    private IDisposable? _subscription;
    private string? _failure;
    private bool _isBusy;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Subscribe first, then read: a change in between rings again and is never missed.
            _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(LoadAsync));
            await LoadAsync();
        }
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task LoadAsync() => GuardAsync(async () => _view = await views.ReadAsync(tenant, _view, _closing.Token));

    private Task OlderAsync(Unit account, StatementMonth before) =>
        GuardAsync(async () => _view = await views.OlderAsync(tenant, _view!, account, before, _closing.Token));

    private async Task GuardAsync(Func<Task> action)
    {
        _isBusy = true;
        try
        {
            await action();
            _failure = null;
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
            return;
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }

        _isBusy = false;
        StateHasChanged();
    }

    [LoggerMessage(LogLevel.Error, "The page Statements could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page Statements was left while it was read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
