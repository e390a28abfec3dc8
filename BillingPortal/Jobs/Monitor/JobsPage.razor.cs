using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Jobs.Monitor;

/// <summary>The schedule for staff: how each job stands, and a start by hand for leads. Looks again by itself.</summary>
public sealed partial class JobsPage(
    JobMonitor monitor, JobStarter starter, CurrentTenant current, DialogService dialogs, ILogger<JobsPage> logger)
    : ComponentBase, IDisposable
{
    // While something runs, every second; else every tenth.
    private const int CalmTicks = 10;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<string> _starting = new(StringComparer.Ordinal);
    private IReadOnlyList<JobStatus>? _jobs;
    private DateTimeOffset _now;
    private string? _failure;
    private string? _told;
    private StatusTone _tone;

    private bool IsLead => current.StaffRole is StaffRole.Lead;

    protected override Task OnInitializedAsync() => ReadAsync();

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
            for (var ticks = 1; await timer.WaitForNextTickAsync(_closing.Token); ticks++)
            {
                if (_starting.Count > 0 || _jobs?.Any(job => job.IsUnderWay) is true || ticks % CalmTicks == 0)
                {
                    await InvokeAsync(RefreshAsync);
                }
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

    private async Task RefreshAsync()
    {
        await ReadAsync();
        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        try
        {
            _jobs = await monitor.AllAsync(_closing.Token);
            _now = TimeProvider.System.GetUtcNow(); // the schedule's own clock
            _failure = null;
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

    private async Task RunAsync(string name)
    {
        var about = JobWords.Of(name);
        if (!await dialogs.AskAsync(new ChargeQuestion(
            $"Run {name} now?",
            $"{about}{(about.Length == 0 ? "" : ". ")}It does at once what it would do at its next time, for all tenants.", [],
            $"Run {name}")))
        {
            return;
        }

        var start = await starter.StartAsync(name, current.UserId!.Value, current.Actor, _closing.Token);
        _told = JobWords.Refused(start, name);
        _tone = start.Run is null ? StatusTone.Warning : StatusTone.Info;
        if (start.Run is { } run)
        {
            _starting.Add(name);
            _ = AwaitAsync(name, run);
        }

        await ReadAsync();
    }

    // The run does not depend on this page; the page depends on the run.
    private async Task AwaitAsync(string name, Task<JobRun> running)
    {
        try
        {
            var run = await running.WaitAsync(_closing.Token);
            var (state, tone) = JobWords.State(run.Outcome);
            var details = run.Error ?? JobWords.Counts(run);
            await InvokeAsync(() => Tell(name, $"{name}: {state.ToLowerInvariant()}{(details.Length == 0 ? "" : $", {details}")}.", tone));
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            await InvokeAsync(() => Tell(name, $"{name} could not be run: {Faults.Describe(exception)}", StatusTone.Bad));
        }
    }

    private async Task Tell(string name, string text, StatusTone tone)
    {
        _starting.Remove(name);
        (_told, _tone) = (text, tone);
        await RefreshAsync();
    }

    [LoggerMessage(LogLevel.Error, "The jobs could not be shown; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The jobs were left while they were read ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
