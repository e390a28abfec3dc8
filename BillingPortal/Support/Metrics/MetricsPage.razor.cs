using System.Diagnostics;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Support.Metrics;

/// <summary>Payments and recharges of all tenants, added up over 7, 30 or 90 days.</summary>
public sealed partial class MetricsPage(MetricsReader reader, ILogger<MetricsPage> logger) : ComponentBase
{
    private PaymentMetrics? _metrics;
    private string? _failure;

    [SupplyParameterFromQuery]
    private int? Days { get; set; }

    private int Period => Days is { } days && MetricsReader.Periods.Contains(days) ? days : 30;

    protected override async Task OnParametersSetAsync()
    {
        if (_metrics?.Days != Period)
        {
            _metrics = null;
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        _failure = null;
        try
        {
            _metrics = await reader.ReadAsync(Period);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotRead(logger, _failure, exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "The payment figures could not be read; reference {Reference}")]
    private static partial void LogNotRead(ILogger logger, string reference, Exception exception);
}
