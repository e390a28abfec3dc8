using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Jobs.Monitor;

/// <summary>One job's history, page by page; the filter stands in the address. Looks again by itself.</summary>
public sealed partial class JobPage(JobMonitor monitor, TenantReader tenants, ILogger<JobPage> logger) : ComponentBase, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly JobOutcome[] Shown = [JobOutcome.Failed, JobOutcome.Interrupted, JobOutcome.Skipped];

    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<Guid, string> _tenants = [];
    private JobStatus? _status;
    private JobRunPage? _page;
    private DateTimeOffset _now;
    private (string, string?, string?)? _shown;
    private string? _refusal;
    private string? _what;
    private string? _failure;

    [Parameter]
    public string Name { get; set; } = "";

    [SupplyParameterFromQuery(Name = "outcome")]
    private string? Outcome { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        Outcome = string.IsNullOrWhiteSpace(Outcome) ? null : Outcome.Trim();
        Cursor = string.IsNullOrWhiteSpace(Cursor) ? null : Cursor.Trim();
        if (_shown != (Name, Outcome, Cursor))
        {
            (_shown, _page) = ((Name, Outcome, Cursor), null);
            await ReadAsync();
        }
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = FollowAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Tick, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                await InvokeAsync(async () =>
                {
                    await ReadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task ReadAsync()
    {
        var asked = (Name, Outcome, Cursor);
        try
        {
            var status = await monitor.FindAsync(Name, _closing.Token);
            JobOutcome? outcome = Enum.GetValues<JobOutcome>().Cast<JobOutcome?>()
                .FirstOrDefault(one => TextCodes.Of(one!.Value) == Outcome);
            Guid? before = Guid.TryParseExact(Cursor, "N", out var id) ? id : null;
            (_refusal, _what) = (status, Outcome, Cursor) switch
            {
                (null, _, _) => ("No such job", "The schedule of this version has no job of that name."),
                (_, not null, _) when outcome is null => ("No such outcome", "Runs succeed, fail, are interrupted or skipped."),
                (_, _, not null) when before is null => ("This address was cut off", "Start again with the newest runs."),
                _ => default((string?, string?)),
            };
            var page = _refusal is null ? await monitor.HistoryAsync(Name, outcome, before, _closing.Token) : null;
            await NameTenantsAsync(page);
            if (asked == (Name, Outcome, Cursor))
            {
                (_status, _page, _failure, _now) = (status, page, null, TimeProvider.System.GetUtcNow());
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

    private async Task NameTenantsAsync(JobRunPage? page)
    {
        var ids = page?.Runs.SelectMany(run => JobWords.Faults(run)).Select(fault => fault.TenantId).Distinct()
            .Where(id => !_tenants.ContainsKey(id)).ToList() ?? [];
        foreach (var id in ids)
        {
            _tenants[id] = (await tenants.FindAsync(id, _closing.Token))?.Name ?? "A tenant that is gone";
        }
    }

    private string Address(Guid? before) => (Outcome, before) switch
    {
        (null, null) => $"/staff/jobs/{Name}",
        (null, { } id) => $"/staff/jobs/{Name}?cursor={id:N}",
        ({ } outcome, null) => $"/staff/jobs/{Name}?outcome={outcome}",
        ({ } outcome, { } id) => $"/staff/jobs/{Name}?outcome={outcome}&cursor={id:N}",
    };

    [LoggerMessage(LogLevel.Error, "The runs of a job could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The runs of a job were left while they were read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
