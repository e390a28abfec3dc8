using System.Text.Json;
using BillingPortal.Jobs;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// The cron caller's start of the rent job, the same run, with the same record, as the clock's; and the numbers as a file.
/// </summary>
internal static class PhoneNumberEndpoints
{
    /// <summary>The job's name in the schedule and on the command line.</summary>
    public const string Job = "phone-rent";

    public static IEndpointRouteBuilder MapPhoneNumberEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/cron/monthly-billing", BillAsync).RequireAuthorization(Policies.Cron).WithTags("Cron").DisableRequestTimeout()
            .WithSummary("Charges the rent of phone numbers that is due; a run that is under way is not doubled")
            .WithExample("A run", RentExamples.Billed).WithProblems("billing_not_finished");
        routes.MapGet(NumberCsv.Path, ExportAsync).RequireAuthorization(Policies.TenantRead).WithTags("Phone numbers")
            .WithCsvList("All phone numbers as a CSV file, with their rent", NumberCsv.Example, "Released numbers are left out.");
        return routes;
    }

    private static async Task<PushStreamHttpResult> ExportAsync(
        HttpResponse response, CurrentTenant tenant, NumbersReader numbers, CancellationToken cancellationToken) =>
        NumberCsv.Of(response, await numbers.ListAsync(tenant.Id, CsvList.RowsRead, cancellationToken));

    private static async Task<Results<Ok<BillingAnswer>, ProblemHttpResult>> BillAsync(
        JobRunner jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        var run = await jobs.RunAsync(Job, cancellationToken);
        return run.Outcome switch
        {
            JobOutcome.Succeeded => TypedResults.Ok(BillingAnswer.Of("Monthly billing completed", run, clock)),
            JobOutcome.Skipped => TypedResults.Ok(BillingAnswer.Of("Monthly billing is already under way", run, clock)),
            JobOutcome.Running or JobOutcome.Failed or JobOutcome.Interrupted => Problems.Unavailable(
                "billing_not_finished",
                "The run stopped before its end. What it charged is kept; call again and it goes on."),
        };
    }
}

/// <summary>
/// What a run did: periods billed, numbers suspended, suspended numbers tried again and brought back, numbers kept on grace
/// days.
/// </summary>
internal sealed record BillingAnswer(
    string Message, long Billed, long Suspended, long Retried, long Resumed, long Skipped, long Failed,
    DateTimeOffset Timestamp, long Kept)
{
    public static BillingAnswer Of(string message, JobRun run, TimeProvider clock)
    {
        var counts = JsonSerializer.Deserialize<Dictionary<string, long>>(run.Counts) ?? [];
        return new BillingAnswer(
            message, Count("billed"), Count("suspended"), Count("retried"), Count("resumed"), Count("skipped"),
            Count("failed"), clock.GetUtcNow(), Count("kept"));

        long Count(string name) => counts.GetValueOrDefault(name);
    }
}
