using BillingPortal.BalanceImport;
using BillingPortal.Data;
using BillingPortal.Grants;
using BillingPortal.Jobs;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Providers.Sandbox;
using BillingPortal.Tenants;
using BillingPortal.Usage;
using Microsoft.AspNetCore.DataProtection;

namespace BillingPortal;

/// <summary>
/// The verbs beside the web: each runs once on the same services, also next to a running portal, and answers with an exit code that is 0
/// only on success. Background work is left to the portal, except what the verb itself needs.
/// </summary>
internal static class CommandLine
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUse = 2;

    private static readonly string[] Verbs = ["migrate", "job", "import-usage", "import-balances", "audit", "create-admin", "grant"];

    public static bool IsVerb(string[] args) => args.Length > 0 && Verbs.Contains(args[0]);

    public static async Task<int> RunAsync(WebApplication app, string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            interrupted.Cancel();
        };
        // The ledger's writer and the sandbox's clock; no web server, no scheduler, no drain.
        var needed = app.Services.GetServices<IHostedService>().Where(service => service is LedgerWriter or SandboxClockFollower).ToList();
        foreach (var service in needed.OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(interrupted.Token);
        }

        await Task.WhenAll(needed.Select(service => service.StartAsync(interrupted.Token)));
        try
        {
            return await RunVerbAsync(app.Services, args, interrupted.Token);
        }
        catch (CommandLineException wrong)
        {
            await Console.Error.WriteLineAsync($"{args[0]}: {wrong.Message}");
            return WrongUse;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted. What was acknowledged is kept; run the same command again to go on.");
            return Failed;
        }
        finally
        {
            await Task.WhenAll(needed.Select(service => service.StopAsync(CancellationToken.None)));
            foreach (var service in needed.OfType<IHostedLifecycleService>())
            {
                await service.StoppedAsync(CancellationToken.None);
            }
        }
    }

    private static Task<int> RunVerbAsync(IServiceProvider services, string[] args, CancellationToken cancellationToken) => args switch
    {
        ["migrate"] => MigrateAsync(services, cancellationToken),
        ["import-usage", "--replay", var file] => ImportAsync(services, file, replay: true, cancellationToken),
        ["import-usage", var file, "--replay"] => ImportAsync(services, file, replay: true, cancellationToken),
        ["import-usage", var file] => ImportAsync(services, file, replay: false, cancellationToken),
        ["import-balances", "--dry-run", var file] => ImportBalancesAsync(services, file, dryRun: true, cancellationToken),
        ["import-balances", var file, "--dry-run"] => ImportBalancesAsync(services, file, dryRun: true, cancellationToken),
        ["import-balances", var file] => ImportBalancesAsync(services, file, dryRun: false, cancellationToken),
        ["job", var name] => RunJobAsync(services, name, cancellationToken),
        ["audit"] => AuditAsync(services, full: false, cancellationToken),
        ["audit", "--full"] => AuditAsync(services, full: true, cancellationToken),
        ["grant", .. var options] => GrantAsync(services, options, cancellationToken),
        ["create-admin", .. var options] => CreateAdminAsync(services, options, cancellationToken),
        _ => UsageAsync(),
    };

    private static async Task<int> MigrateAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await services.GetRequiredService<Migrator>().MigrateAsync(cancellationToken);
        services.GetRequiredService<PostgresKeyRing>().EnsureOpens();
        // Makes the first key of the cookies where there is none: two processes that start at once would each make their own.
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("first key").Protect([]);
        return Done;
    }

    private static Task<int> ImportAsync(IServiceProvider services, string file, bool replay, CancellationToken cancellationToken) =>
        services.GetRequiredService<UsageImport>().RunAsync(file, replay, Console.Out, cancellationToken);

    private static async Task<int> ImportBalancesAsync(
        IServiceProvider services, string file, bool dryRun, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            throw new CommandLineException($"There is no file {file}.");
        }

        using var text = File.OpenText(file);
        return await services.GetRequiredService<BalanceImportCommand>().RunAsync(text, dryRun, Console.Out, cancellationToken);
    }

    private static async Task<int> RunJobAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var run = await services.GetRequiredService<JobRunner>().RunAsync(name, cancellationToken);
        Console.WriteLine(run.Text);
        return run.Outcome is JobOutcome.Succeeded ? Done : Failed;
    }

    private static async Task<int> AuditAsync(IServiceProvider services, bool full, CancellationToken cancellationToken)
    {
        var report = await services.GetRequiredService<LedgerAudit>().RunAsync(full, cancellationToken);
        foreach (var violation in report.Violations)
        {
            Console.WriteLine($"{violation.TenantId} {violation.Unit.ToCode()}: {violation.Rule}: {violation.Detail}");
        }

        var scope = report.IsFull ? "from the first entry on" : "since the last proof";
        var verdict = report.IsClean ? "The books are clean" : $"{report.Violations.Count} violations";
        var checkedRows = $"{report.Entries} entries of {report.Accounts} accounts checked {scope}";
        Console.WriteLine($"{verdict}: {checkedRows}, at {report.ProvenAt:yyyy-MM-dd HH:mm:ss} UTC.");
        return report.IsClean ? Done : Failed;
    }

    private static async Task<int> CreateAdminAsync(IServiceProvider services, string[] options, CancellationToken cancellationToken)
    {
        await CreateAdminCommand.RunAsync(services.GetRequiredService<TenantService>(), options, cancellationToken);
        return Done;
    }

    private static async Task<int> GrantAsync(IServiceProvider services, string[] options, CancellationToken cancellationToken)
    {
        await GrantCommand.RunAsync(
            services.GetRequiredService<TenantReader>(), services.GetRequiredService<GrantService>(),
            services.GetRequiredService<TimeProvider>(), options, cancellationToken);
        return Done;
    }

    private static async Task<int> UsageAsync()
    {
        await Console.Error.WriteLineAsync(
            """
            migrate                              bring the database up to date
            job <name>                           run a job once
            import-usage <file.jsonl> [--replay] read usage events; --replay moves the sandbox clock along
            import-balances <file.csv> [--dry-run]
                                                 bring tenants over from another system; judged whole before anything is written
            audit [--full]                       prove the books
            grant --tenant <slug> --amount <number> --name <text> --key <word> [--unit credits|usd] [--expires yyyy-mm-dd]
                                                 promotional credits or funds, once per key
            create-admin --email <address> --name <name> [--tenant <slug> [--tenant-name <name>] [--plan credits|usd]]
                                                 the owner of a tenant, made when missing; without --tenant a support lead.
                                                 The password is read from standard input.
            """);
        return WrongUse;
    }
}

/// <summary>A verb was called with the wrong words; the message says what to do.</summary>
internal sealed class CommandLineException(string message) : Exception(message);
