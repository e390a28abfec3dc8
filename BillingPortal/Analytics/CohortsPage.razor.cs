using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Analytics;

/// <summary>Staff's view of who keeps paying. Choices stand in the address.</summary>
public sealed partial class CohortsPage(
    CohortReader reader, CohortCounter counter, ILogger<CohortsPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private CohortTable? _table;
    private string? _failure;
    private bool _isBusy;

    [SupplyParameterFromQuery(Name = "scope")]
    private string? ScopeText { get; set; }

    [SupplyParameterFromQuery(Name = "show")]
    private string? MeasureText { get; set; }

    private CohortScope Scope => Enum.GetValues<CohortScope>().FirstOrDefault(scope => TextCodes.Of(scope) == ScopeText, CohortScope.All);

    private CohortMeasure Measure =>
        Enum.GetValues<CohortMeasure>().FirstOrDefault(measure => TextCodes.Of(measure) == MeasureText, CohortMeasure.Share);

    protected override async Task OnParametersSetAsync()
    {
        if (_table?.Scope != Scope)
        {
            await ReadAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task ReadAsync() => GuardAsync(ShowAsync);

    private Task CountAsync() => GuardAsync(async () =>
    {
        await counter.CountAsync(_closing.Token);
        await ShowAsync();
    });

    // Again where another scope was chosen during the reading: its figures must not stand under the wrong choice.
    private async Task ShowAsync()
    {
        do
        {
            _table = await reader.ReadAsync(Scope, _closing.Token);
        }
        while (_table.Scope != Scope);
    }

    private async Task GuardAsync(Func<Task> work)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _failure) = (true, null);
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, exception, _failure);
        }
        finally
        {
            _isBusy = false;
        }
    }

    private static string Href(CohortScope scope, CohortMeasure measure) =>
        $"/staff/cohorts?scope={TextCodes.Of(scope)}&show={TextCodes.Of(measure)}";

    [LoggerMessage(LogLevel.Error, "The cohorts could not be read, reference {Reference}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string reference);
}
