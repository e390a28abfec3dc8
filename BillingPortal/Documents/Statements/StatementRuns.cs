using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Documents.Statements;

/// <summary>
/// The month's end: stores every tenant's statements of the youngest closed month and announces them by mail, once per
/// tenant and month, however often and in however many processes it runs. One tenant's trouble stops no other's.
/// </summary>
public sealed partial class StatementRuns(
    Database database, StatementService statements, Mailer mailer, TenantEvents events, IOptions<AppOptions> app,
    TimeProvider clock, ILogger<StatementRuns> logger)
{
    private const int BatchSize = 200;

    /// <param name="tenantsMax">The next run goes on where this one stops.</param>
    /// <param name="cancellationToken">Stops after the tenant that is being done.</param>
    public async Task<StatementRunCounts> RunAsync(int tenantsMax, CancellationToken cancellationToken = default)
    {
        var month = StatementMonth.LastClosed(clock.GetUtcNow());
        var (after, done, mailed, failed) = (Guid.Empty, 0, 0, 0);
        while (done + failed < tenantsMax)
        {
            var due = await DueAsync(
                month, after, Math.Min(BatchSize, tenantsMax - done - failed), cancellationToken);
            if (due.Count == 0)
            {
                break;
            }

            foreach (var tenant in due)
            {
                switch (await TryAsync(tenant, month, cancellationToken))
                {
                    case null:
                        failed++;
                        break;
                    case true:
                        (done, mailed) = (done + 1, mailed + 1);
                        break;
                    case false:
                        done++;
                        break;
                }
            }

            after = due[^1].Id;
        }

        return new StatementRunCounts(done, mailed, failed);
    }

    // Tenants with entries that are not done for the month, by id.
    private async Task<List<Tenant>> DueAsync(
        StatementMonth month, Guid after, int most, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        return await unit.Db.Set<Tenant>().AsNoTracking()
            .Where(tenant => tenant.Id > after
                && unit.Db.Set<Account>().Any(account => account.TenantId == tenant.Id && account.LastSeq > 0)
                && !unit.Db.Set<StatementRun>().Any(run => run.TenantId == tenant.Id && run.Month == month.FirstDay))
            .OrderBy(tenant => tenant.Id).Take(most).ToListAsync(cancellationToken);
    }

    private async Task<bool?> TryAsync(Tenant tenant, StatementMonth month, CancellationToken cancellationToken)
    {
        try
        {
            return await DoAsync(tenant, month, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(logger, tenant.Id, month.ToString(), exception);
            RunFaults.Note(tenant.Id, $"statement of {month}", exception);
            return null;
        }
    }

    // The run's row is written first: who comes second waits for our commit, and then has nothing to do.
    private async Task<bool> DoAsync(Tenant tenant, StatementMonth month, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using var claim = unit.Command(
            """
            INSERT INTO statement_runs (tenant_id, month, done_at, is_mailed) VALUES ($1, $2, $3, false)
            ON CONFLICT DO NOTHING
            """,
            tenant.Id, month.FirstDay, clock.GetUtcNow());
        if (await claim.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return false;
        }

        var made = new List<Statement>();
        foreach (var account in new[] { tenant.Plan, tenant.Plan is Unit.Credits ? Unit.Usd : Unit.Credits })
        {
            var statement = await statements.MakeAsync(unit, tenant.Id, account, month, cancellationToken);
            if (statement is { HasEntries: true })
            {
                made.Add(statement);
            }
        }

        if (made.Count > 0)
        {
            Announce(unit, tenant, month, made);
            Publish(unit, tenant, month, made);
            await using var mailed = unit.Command(
                "UPDATE statement_runs SET is_mailed = true WHERE tenant_id = $1 AND month = $2",
                tenant.Id, month.FirstDay);
            await mailed.ExecuteNonQueryAsync(cancellationToken);
        }

        await unit.CommitAsync(cancellationToken);
        return made.Count > 0;
    }

    private void Announce(UnitOfWork unit, Tenant tenant, StatementMonth month, List<Statement> made) =>
        mailer.Enqueue<StatementReadyMail>(
            unit, tenant.Id, MailKinds.StatementReady, $"Your statement for {month.Name}",
            new Dictionary<string, object?>
            {
                [nameof(StatementReadyMail.Month)] = month.Name,
                [nameof(StatementReadyMail.Accounts)] = made.ConvertAll(statement => new StatementReadyMail.Account(
                    StatementPdf.AccountOf(statement.Unit), DocumentText.WithUnit(statement.Opening),
                    DocumentText.WithUnit(statement.TopUps), DocumentText.WithUnit(-statement.Used),
                    DocumentText.WithUnit(statement.Closing),
                    Link(StatementFiles.PdfPath(month, statement.Unit)),
                    Link(StatementFiles.CsvPath(month, statement.Unit)))),
                [nameof(StatementReadyMail.Link)] = Link("/statements"),
            },
            key: $"statement:{month}");

    private void Publish(UnitOfWork unit, Tenant tenant, StatementMonth month, List<Statement> made) =>
        events.Publish(
            unit, tenant.Id, TenantEvent.StatementReady,
            new StatementReadyData(month.ToString(), made.ConvertAll(statement => new StatementAccountData(
                statement.Opening, statement.Closing, Link(StatementFiles.PdfPath(month, statement.Unit)),
                Link(StatementFiles.CsvPath(month, statement.Unit))))),
            key: month.ToString());

    private string Link(string path) => app.Value.Link(path).ToString();

    [LoggerMessage(LogLevel.Error,
        "The statements of tenant {TenantId} for {Month} could not be made; the next run tries again")]
    private static partial void LogFailed(ILogger logger, Guid tenantId, string month, Exception exception);
}

/// <summary>
/// What a run came to: tenants done, how many of them were written to, and how many are left for the next run.
/// </summary>
public sealed record StatementRunCounts(int Done, int Mailed, int Failed);
