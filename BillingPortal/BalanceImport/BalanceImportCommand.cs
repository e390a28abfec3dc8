using System.Globalization;
using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using BillingPortal.Pricing;
using BillingPortal.Providers;
using BillingPortal.Providers.Payments;

namespace BillingPortal.BalanceImport;

/// <summary>
/// <c>import-balances</c>: the whole file is judged before anything is written, by itself, against what stands here and
/// against Stripe; a dry run ends there. Then line by line; the same command again goes on where it stopped.
/// </summary>
internal sealed class BalanceImportCommand(
    BalanceImporter importer, StripeClient stripe, PackageReader packages, RechargeOptions recharge, TimeProvider clock)
{
    private const int ShownMax = 50;
    private const int StripeCallsAtOnce = 8;
    private const int ProgressEvery = 500;

    /// <summary>The exit code: 0 when every line stands (or, dry, could), 1 otherwise.</summary>
    public async Task<int> RunAsync(
        TextReader file, bool dryRun, TextWriter console, CancellationToken cancellationToken = default)
    {
        var (rows, faults) = BalanceFile.Read(file);
        var known = new Dictionary<string, KnownTenant>();
        if (faults.Count == 0)
        {
            known = await importer.KnownAsync([.. rows.Select(row => row.Slug)], cancellationToken);
            faults.AddRange(StandsDifferently(rows, known));
            faults.AddRange(await RuleFaultsAsync(rows, cancellationToken));
            faults.AddRange(await CustomerFaultsAsync(rows, known, cancellationToken));
        }

        if (faults.Count > 0)
        {
            await WriteFaultsAsync(console, faults);
            return 1;
        }

        await WritePlanAsync(console, rows, known);
        return dryRun ? 0 : await BringAllAsync(rows, known, console, cancellationToken);
    }

    private static IEnumerable<ImportFault> StandsDifferently(
        IEnumerable<ImportedBalance> rows, Dictionary<string, KnownTenant> known) =>
        from row in rows
        where known.ContainsKey(row.Slug) && known[row.Slug].Fingerprint != row.Fingerprint
        select new ImportFault(row.Line, known[row.Slug].Fingerprint is null
            ? $"There is a tenant '{row.Slug}' already that did not come by import. Give this one another short name."
            : $"'{row.Slug}' was imported with other content. Put the line back as it was, or change it in the portal.");

    private async Task<IEnumerable<ImportFault>> RuleFaultsAsync(
        List<ImportedBalance> rows, CancellationToken cancellationToken)
    {
        var onSale = await packages.ListAsync(cancellationToken);
        return [.. from row in rows
                   where row.Rule is not null
                   let problem = RechargeRuleBuilder.Apply(NewRule(row), row.Rule!, onSale, [], recharge)
                   where problem is not null
                   select new ImportFault(row.Line, problem)];
    }

    private async Task<IEnumerable<ImportFault>> CustomerFaultsAsync(
        List<ImportedBalance> rows, Dictionary<string, KnownTenant> known, CancellationToken cancellationToken)
    {
        var named = rows.Where(row => row.StripeCustomer is not null && !known.ContainsKey(row.Slug)).ToList();
        var taken = await importer.CustomersAsync([.. named.Select(row => row.StripeCustomer!)], cancellationToken);
        var faults = named.Where(row => taken.ContainsKey(row.StripeCustomer!))
            .Select(row => new ImportFault(
                row.Line, $"The Stripe customer {row.StripeCustomer} belongs to another tenant here."))
            .ToList();
        var atOnce = new ParallelOptions
        {
            MaxDegreeOfParallelism = StripeCallsAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(named, atOnce, async (row, stopping) =>
        {
            if (!await IsThereAsync(row.StripeCustomer!, stopping))
            {
                lock (faults)
                {
                    faults.Add(new(row.Line, $"Stripe knows no customer {row.StripeCustomer}."));
                }
            }
        });
        return faults;
    }

    private async Task<bool> IsThereAsync(string customer, CancellationToken cancellationToken)
    {
        try
        {
            return !(await stripe.GetCustomerAsync(customer, cancellationToken)).Deleted;
        }
        catch (ProviderException missing) when (missing.Code == "resource_missing")
        {
            return false;
        }
    }

    private static async Task WriteFaultsAsync(TextWriter console, List<ImportFault> faults)
    {
        foreach (var fault in faults.OrderBy(fault => fault.Line).Take(ShownMax))
        {
            await console.WriteLineAsync(Text($"line {fault.Line}: {fault.Text}"));
        }

        var more = faults.Count > ShownMax ? Text($" (the first {ShownMax} stand above)") : "";
        await console.WriteLineAsync(
            Text($"{faults.Count} faults{more}. Nothing was written: mend the file and run the command again."));
    }

    private async Task WritePlanAsync(
        TextWriter console, List<ImportedBalance> rows, Dictionary<string, KnownTenant> known)
    {
        foreach (var plan in rows.GroupBy(row => row.Plan).OrderBy(group => group.Key))
        {
            var sum = plan.Aggregate(Amount.Zero(plan.Key), (total, row) => total + row.Balance);
            await console.WriteLineAsync(Text($"{plan.Count()} tenants on the plan {plan.Key.ToCode()} with {sum} in all."));
        }

        var atOnce = rows.Where(row => !known.ContainsKey(row.Slug) && IsBelow(row)).ToList();
        if (atOnce.Count > 0)
        {
            var slugs = string.Join(", ", atOnce.Take(10).Select(row => row.Slug)) + (atOnce.Count > 10 ? " …" : "");
            await console.WriteLineAsync(Text(
                $"Careful: {atOnce.Count} of them are below their recharge threshold: with a card they are charged at once"));
            await console.WriteLineAsync($"  {slugs}");
        }
    }

    private bool IsBelow(ImportedBalance row)
    {
        if (row is not { Rule: { Enabled: true } change, StripeCustomer: not null })
        {
            return false;
        }

        return row.Balance < (change.Threshold is { } own ? Amount.Of(own, row.Plan) : NewRule(row).Threshold);
    }

    private RechargeRule NewRule(ImportedBalance row) =>
        RechargeRuleBuilder.New(Guid.Empty, row.Plan, RechargeDoor.Portal, recharge, clock.GetUtcNow());

    private async Task<int> BringAllAsync(
        List<ImportedBalance> rows, Dictionary<string, KnownTenant> known, TextWriter console,
        CancellationToken cancellationToken)
    {
        var (counts, failed) = (new Dictionary<ImportedAs, int>(), new List<ImportFault>());
        for (var done = 0; done < rows.Count; done++)
        {
            var row = rows[done];
            try
            {
                var outcome = await importer.BringAsync(row, known.GetValueOrDefault(row.Slug), cancellationToken);
                counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
            }
            catch (Exception fault) when (fault is ProviderException or InvalidOperationException)
            {
                failed.Add(new(row.Line, $"{row.Slug}: {fault.Message}"));
            }

            if ((done + 1) % ProgressEvery == 0)
            {
                await console.WriteLineAsync(Text($"{done + 1} of {rows.Count} lines"));
            }
        }

        foreach (var fault in failed.Take(ShownMax))
        {
            await console.WriteLineAsync(Text($"line {fault.Line}: {fault.Text}"));
        }

        var (brought, finished) = (Count(ImportedAs.New), Count(ImportedAs.Finished));
        var stood = Count(ImportedAs.StoodAlready);
        await console.WriteLineAsync(
            Text($"{brought} brought over, {finished} finished, {stood} stood already, {failed.Count} failed."));
        return failed.Count == 0 ? 0 : 1;

        int Count(ImportedAs outcome) => counts.GetValueOrDefault(outcome);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
