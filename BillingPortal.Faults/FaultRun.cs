using System.Diagnostics;
using BillingPortal.Faults.Checks;
using BillingPortal.Faults.Planning;
using BillingPortal.Faults.Scene;
using BillingPortal.Faults.Work;

namespace BillingPortal.Faults;

/// <summary>One run: everything up, operations and faults by the plan, peace, and then the invariants.</summary>
internal sealed class FaultRun(FaultOptions options)
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswersLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    // Run while something of theirs is in flight; the look at Stripe's events always, it finds what nobody here knows of.
    private static readonly (string Job, string Line)[] Sweeps =
        [("reconcile", ""), ("sms-sweep", "sms"), ("number-sweep", "phone number"), ("hold-expiry", "hold past its end")];

    private readonly Register _register = new();
    private readonly Report _report = new(options);

    /// <returns>Whether every invariant held.</returns>
    public async Task<bool> RunAsync()
    {
        var plan = Plan.Of(options);
        Log.Line($"seed {options.Seed}: {plan.Operations.Count} operations, {plan.Faults.Count} faults in {options.Minutes} minutes, "
            + $"{options.Portals} portal(s)");
        await using var world = await World.BuildAsync(options);
        Log.Line($"up: {string.Join(", ", Enumerable.Range(0, world.Portals).Select(world.PortalAddress))}, logs in {world.Folder}");
        using var client = new GoodClient(world);
        var desk = new Desk(world, client, _register, await world.Control.NowAsync());
        await FundAsync(desk);

        using var end = new CancellationTokenSource();
        var beginning = BeginOperationsAsync(plan, desk, end.Token);
        await RunFaultsAsync(plan, world);
        await SettleAsync(world, await beginning, end);
        await CheckAsync(world);
        _report.Print(_register, client.Retries);
        return _report.Violations.Count == 0;
    }

    // Everybody has money and a rule before the first fault; both come over the same interface.
    private static async Task FundAsync(Desk desk)
    {
        foreach (var customer in desk.World.Customers)
        {
            var bought = await new PurchaseOperation($"start-{customer.Index}", 40).RunAsync(desk, customer, CancellationToken.None);
            var rule = await desk.Client.PostAsync(customer, "api/credits/auto-recharge", $"rule-{customer.Index}",
                new { enabled = true, credits = 500, threshold = 300 }, CancellationToken.None);
            var number = await new NumberOperation($"number-{customer.Index}", customer.Index, TimeSpan.Zero, false)
                .RunAsync(desk, customer, CancellationToken.None);
            if (bought != Ending.Acknowledged || rule is not { IsSuccess: true } || number != Ending.Acknowledged)
            {
                throw new InvalidOperationException(
                    $"Customer {customer.Index} was not set up: purchase {bought}, rule {rule?.Status} {rule?.Body}, number {number}.");
            }
        }
    }

    /// <summary>Begins each at its time.</summary>
    /// <returns>Those that were begun; some still wait for a clear answer.</returns>
    private async Task<List<Task>> BeginOperationsAsync(Plan plan, Desk desk, CancellationToken end)
    {
        var clock = Stopwatch.StartNew();
        List<Task> running = [];
        foreach (var planned in plan.Operations)
        {
            if (planned.At - clock.Elapsed is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, CancellationToken.None);
            }

            running.Add(Task.Run(async () => _register.Count(
                planned.Operation.Kind, await planned.Operation.RunAsync(desk, desk.World.Customers[planned.Customer], end)),
                CancellationToken.None));
        }

        return running;
    }

    private async Task RunFaultsAsync(Plan plan, World world)
    {
        var clock = Stopwatch.StartNew();
        foreach (var planned in plan.Faults)
        {
            if (planned.Fault.RefusalOn(world) is { } refusal)
            {
                _report.LeftOut[planned.Fault.Name] = refusal;
                continue;
            }

            if (planned.At - clock.Elapsed is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            try
            {
                var did = await planned.Fault.StrikeAsync(world, new Random(planned.Seed));
                _report.CountFault(planned.Fault.Name);
                Log.Line($"{planned.Fault.Name}: {did}");
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                _report.Add("every fault can be done and undone", $"{planned.Fault.Name}: {failure.Message}");
            }

            for (var portal = 0; portal < world.Portals; portal++)
            {
                if (world.Portal(portal).Process.HasExited)
                {
                    _report.Add("no portal ends by itself",
                        $"portal {portal} ended after {planned.Fault.Name}. Look at: portal-{portal}.log");
                    await world.StartPortalAsync(portal);
                }
            }
        }
    }

    /// <summary>
    /// Peace, and two minutes at most. On the portals' clock some hours pass meanwhile, because that is what "ask the provider again in
    /// an hour" waits for; the hourly jobs are run as those hours would.
    /// </summary>
    private async Task SettleAsync(World world, List<Task> operations, CancellationTokenSource end)
    {
        Log.Line("the faults are over");
        var clock = Stopwatch.StartNew();
        var mended = await world.MendAsync();
        if (mended.Count > 0)
        {
            Log.Line($"started again: {string.Join(", ", mended)}");
        }

        end.CancelAfter(AnswersLimit);
        var hours = HoursAsync(world, clock);
        await Task.WhenAll(operations);
        IReadOnlyList<string> left;
        while ((left = await InFlight.ReadAsync(world)).Count > 0 || !hours.IsCompleted)
        {
            if (clock.Elapsed > SettleLimit)
            {
                break;
            }

            await Task.Delay(BetweenLooks);
        }

        _report.Settled = clock.Elapsed;
        await hours;
        foreach (var line in left)
        {
            _report.Add(InFlight.Invariant, line);
        }
    }

    private async Task HoursAsync(World world, Stopwatch clock)
    {
        foreach (var minutes in new[] { 17, 20, 65, 125, 245 })
        {
            await world.Control.AdvanceClockAsync(TimeSpan.FromMinutes(minutes));
            var waiting = await InFlight.ReadAsync(world);
            var due = Sweeps.Where(sweep => sweep.Line.Length == 0
                || waiting.Any(line => line.StartsWith(sweep.Line, StringComparison.Ordinal)));
            await Task.WhenAll(due.Select(async sweep =>
            {
                if (await world.RunJobAsync(sweep.Job) is var code and not 0)
                {
                    _report.Add("every job ends well once the faults are over", $"{sweep.Job} ended with {code}");
                }
            }));
            if ((await InFlight.ReadAsync(world)).Count == 0 || clock.Elapsed > SettleLimit)
            {
                return;
            }
        }
    }

    private async Task CheckAsync(World world)
    {
        foreach (var check in AllChecks.List)
        {
            var (looked, violations) = await check.RunAsync(world, _register);
            _report.Checked(check.Invariant, looked);
            foreach (var violation in violations)
            {
                _report.Add(check.Invariant, violation);
            }
        }
    }
}
