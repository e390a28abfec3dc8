using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// Monthly rent. Each batch of numbers is one transaction: lock, one call of the ledger, dates moved on, commit. Bounded,
/// safe to repeat, to abort anywhere and to run in several processes at once; never calls the provider.
/// </summary>
public sealed partial class RentService(
    Database database, RentBatch batches, RentRows rows, TimeProvider clock, IOptions<PhoneNumberOptions> options,
    ILogger<RentService> logger)
{
    private const int TriesMax = 3;
    private const int PassesMax = 3;
    private const int ProgressEvery = 20;

    /// <summary>
    /// Charges every period that has begun and is not paid, oldest first, then tries suspended numbers whose week is over.
    /// A number that cannot be charged is counted as failed and holds nobody up.
    /// </summary>
    public async Task<RentCounts> RunAsync(CancellationToken cancellationToken = default)
    {
        var now = clock.GetUtcNow();
        return await SweepAsync(RentQueue.Due, now, cancellationToken)
            + await SweepAsync(RentQueue.Retry, now, cancellationToken);
    }

    /// <summary>Tries this account's numbers that wait for their rent, oldest first: its balance has grown.</summary>
    public async Task<RentCounts> RetryAsync(
        Guid tenantId, Unit account, CancellationToken cancellationToken = default)
    {
        var sum = default(RentCounts);
        for (var batch = new RentCounts { Billed = 1 }; batch.Billed > 0; sum += batch)
        {
            await using var unit = await database.BeginOpsAsync(cancellationToken);
            var numbers = await RentRows.LockUnpaidAsync(
                unit, tenantId, account, options.Value.BatchNumbers, cancellationToken);
            batch = RentCounts.Of(await batches.ResumeAsync(unit, numbers, cancellationToken));
            await unit.CommitAsync(cancellationToken);
        }

        return sum;
    }

    /// <summary>A person asks for one number that waits for its rent, now. Null: it does not wait.</summary>
    public async Task<RentCounts?> ResumeAsync(
        Guid tenantId, Guid numberId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await RentRows.LockUnpaidAsync(unit, tenantId, numberId, cancellationToken) is not { } number)
        {
            return null;
        }

        var counts = RentCounts.Of(await batches.ResumeAsync(unit, [number], cancellationToken));
        await unit.CommitAsync(cancellationToken);
        return counts;
    }

    // What somebody else had a moment ago is looked at again, a few times; what failed is not.
    private async Task<RentCounts> SweepAsync(
        RentQueue queue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var run = new RentRun(queue, now, options.Value.CatchUpMonths);
        var sum = default(RentCounts);
        for (var passes = 0; passes == 0 || (passes < PassesMax && sum.Skipped > 0); passes++)
        {
            run.FromTheStart();
            sum = sum with { Skipped = 0 };
            var pages = 0;
            while (await rows.PageAsync(run, options.Value.BatchNumbers, cancellationToken) is { Count: > 0 } page)
            {
                sum += await BillAsync(run, run.Take(page), cancellationToken);
                if (++pages % ProgressEvery == 0)
                {
                    LogProgress(logger, queue, sum.Billed, sum.Suspended, sum.Failed, run.After.At);
                }
            }
        }

        return sum;
    }

    // A batch that the database refuses is halved until the number that spoils it stands alone.
    private async Task<RentCounts> BillAsync(RentRun run, Guid[] ids, CancellationToken cancellationToken)
    {
        for (var tries = 1; ids.Length > 0; tries++)
        {
            try
            {
                return await BillOnceAsync(run, ids, cancellationToken);
            }
            catch (PostgresException fault) when (fault.IsTransient && tries < TriesMax)
            {
                // A deadlock or the like: the same batch again.
            }
            catch (Exception fault) when (IsOfTheBatch(fault))
            {
                if (ids.Length == 1)
                {
                    run.Fail(ids[0]);
                    LogFailed(logger, ids[0], fault);
                    return new RentCounts { Failed = 1 };
                }

                return await BillAsync(run, ids[..(ids.Length / 2)], cancellationToken)
                    + await BillAsync(run, ids[(ids.Length / 2)..], cancellationToken);
            }
        }

        return default;
    }

    private async Task<RentCounts> BillOnceAsync(RentRun run, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var numbers = await RentRows.LockAsync(unit, run, ids, cancellationToken);
        var answers = await batches.AskAsync(unit, numbers, run.Now, cancellationToken);
        await unit.CommitAsync(cancellationToken);
        run.Note(answers);
        foreach (var failed in answers.Where(answer => answer.Outcome is RentOutcome.Failed))
        {
            LogNoJudgement(logger, failed.Ask.Number.Id, failed.Ask.Number.TenantId);
        }

        return RentCounts.Of(answers) with { Skipped = ids.Length - numbers.Count };
    }

    // Not of the batch: the database is away, or the process stops.
    private static bool IsOfTheBatch(Exception fault) =>
        fault is PostgresException { IsTransient: false } or not (NpgsqlException or OperationCanceledException);

    [LoggerMessage(LogLevel.Information,
        "Rent {Queue}: {Billed} billed, {Suspended} suspended, {Failed} failed so far, at {At}")]
    private static partial void LogProgress(
        ILogger logger, RentQueue queue, int billed, int suspended, int failed, DateTimeOffset at);

    [LoggerMessage(LogLevel.Error, "Rent of number {NumberId} failed; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Guid numberId, Exception fault);

    [LoggerMessage(LogLevel.Error,
        "Rent of number {NumberId} of tenant {TenantId} failed: its plan has no price for it, or there is no account")]
    private static partial void LogNoJudgement(ILogger logger, Guid numberId, Guid tenantId);
}
