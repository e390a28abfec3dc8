using System.Diagnostics;
using BillingPortal.Kernel;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Wallet;

/// <summary>One month that is settled as one amount: where a settlement's entry leads to.</summary>
public sealed partial class WalletMonthPage(
    SettlementReader settlements, CurrentTenant tenant, ILogger<WalletMonthPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private SettledMonth? _view;
    private string? _failure;
    private bool _isRead;

    /// <summary>Like 2026-11.</summary>
    [Parameter]
    public string Month { get; set; } = "";

    protected override Task OnParametersSetAsync() => LoadAsync();

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _view = BillingMonth.TryParse(Month) is { } month
                ? await settlements.ReadMonthAsync(tenant.Id, month, _closing.Token)
                : null;
            _isRead = true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "A month of the wallet could not be read, reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
