using System.Globalization;
using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Outbox;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace BillingPortal.Tests.Year;

/// <summary>
/// The whole portal on a clock that is moved from day to day, with a sandbox of its own. Nothing runs by itself: what loops and
/// schedule would do is done between two steps, in one order, so that the same seed makes the same books.
/// </summary>
internal sealed class YearWorld(DateTimeOffset start) : PortalHost, IAsyncDisposable
{
    private static readonly string[] DailyJobs =
    [
        "monthly-settlement", "statements", "grant-expiry", "card-expiry", "hold-expiry", "auto-recharge-check", "purchase-sweep",
        "reconcile", "receipts",
    ];

    public SandboxFixture Sandbox { get; } = new();

    public ManualClock Clock { get; } = new(start);

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("Sandbox:Url", Sandbox.BaseUri.ToString()),
        new("Sandbox:FollowsClock", "false"),
        new("App:PublicUrl", "http://127.0.0.1:5080"),
        new("Logging:LogLevel:Default", "Error"),
    ];

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async Task StartAsync()
    {
        await Sandbox.InitializeAsync();
        await InitializeAsync();
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>The day's jobs, each at its hour, and what they set off.</summary>
    public async Task BeginDayAsync(DateTimeOffset day)
    {
        await Sandbox.MoveClockToAsync(day);
        foreach (var name in DailyJobs)
        {
            var job = Schedule.Jobs.Single(one => one.Name == name);
            Clock.MoveTo(Later(Clock.GetUtcNow(), day + HourOf(job.Cron)));
            await job.Run(Services, CancellationToken.None);
        }

        await CatchUpAsync();
    }

    /// <summary>Everything that is due is delivered and every noticed crossing is evaluated.</summary>
    public async Task CatchUpAsync()
    {
        for (var done = 1; done > 0;)
        {
            done = await Get<RechargeDrain>().DrainAsync() + await Get<OutboxDispatcher>().DrainAsync();
        }

        await Get<RechargeResumer>().ResumeAsync();
    }

    protected override void Configure(IServiceCollection services)
    {
        services.RemoveAll<TimeProvider>();
        services.AddSingleton<TimeProvider>(Clock);
        var loops = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Name is not "GenericWebHostService").ToList();
        loops.ForEach(loop => services.Remove(loop));
        services.AddHostedService(provider => provider.GetRequiredService<LedgerWriter>());
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // "0 30 2 * * ?" is half past two; what runs more often has no hour and follows at once.
    private static TimeSpan HourOf(string cron)
    {
        var parts = cron.Split(' ');
        return int.TryParse(parts[2], CultureInfo.InvariantCulture, out var hour)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var minute)
            ? new TimeSpan(hour, minute, 0)
            : TimeSpan.Zero;
    }
}
