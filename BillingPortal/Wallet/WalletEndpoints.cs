using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web.Description;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BillingPortal.Wallet;

/// <summary>Balance and transactions over HTTP. They only read.</summary>
internal static class WalletEndpoints
{
    private static readonly string[] FilterProblems =
    [
        "invalid_unit", "invalid_period", "invalid_kind", "invalid_service", "invalid_reference", "invalid_cursor", "invalid_limit",
        "export_too_large",
    ];

    public static IEndpointRouteBuilder MapWalletEndpoints(this IEndpointRouteBuilder routes)
    {
        var credits = routes.MapGroup("/api/credits").RequireAuthorization(Policies.TenantRead).WithTags("Credits");
        credits.MapGet("", ReadAsync).WithSummary("Balance, held, available and debt of the plan's account")
            .WithExample("The balance", WalletExamples.Credits);
        // A long file takes as long as its reader: who stops reading is cut off by the server's least rate.
        credits.MapGet("/transactions", ListAsync).WithSummary("Entries of an account, newest first; CSV with Accept: text/csv")
            .WithExample("The newest", WalletExamples.Transactions, at: "/api/credits/transactions?limit=1")
            .WithExample(
                "Usage of a time", WalletExamples.UsageTransactions, at: "/api/credits/transactions?kind=usage&from=2026-01-01&limit=1")
            .WithExample("As a file", WalletExamples.TransactionsCsv, type: ApiExample.Csv).WithProblems(FilterProblems)
            .DisableRequestTimeout();
        credits.MapGet("/transactions.csv", ExportAsync).WithSummary("The same entries as a CSV file, all pages")
            .Produces(200, contentType: ApiExample.Csv).WithProblems(FilterProblems)
            .WithExample("As a file", WalletExamples.TransactionsCsv, type: ApiExample.Csv).DisableRequestTimeout();
        routes.MapGet("/api/wallet", ReadWalletAsync).RequireAuthorization(Policies.TenantRead).WithTags("Wallet")
            .WithSummary("The dollar account: balance, held (reserved this month included), available, debt, latest transactions")
            .WithDescription("The whole history, page by page: `GET /api/credits/transactions?unit=usd`.")
            .WithExample("The dollar account", WalletExamples.Wallet);
        return routes;
    }

    private static async Task<Ok<WalletAnswer>> ReadWalletAsync(
        CurrentTenant tenant, WalletReader wallets, CancellationToken cancellationToken) =>
        TypedResults.Ok(await wallets.ReadAnswerAsync(tenant.Id, tenant.TimeZone, cancellationToken));

    private static async Task<Ok<CreditsSummary>> ReadAsync(
        CurrentTenant tenant, OverviewReader overviews, CancellationToken cancellationToken) =>
        TypedResults.Ok(await overviews.ReadCreditsAsync(tenant.Id, tenant.Plan, cancellationToken));

    private static async Task<Results<Ok<TransactionsAnswer>, PushStreamHttpResult, ProblemHttpResult>> ListAsync(
        [AsParameters] TransactionQuery query, HttpRequest http, CurrentTenant tenant, TransactionReader transactions,
        TransactionExporter exporter, IOptions<WalletOptions> options, CancellationToken cancellationToken)
    {
        if (WantsCsv(http))
        {
            var export = await ExportAsync(query, tenant, transactions, exporter, options, cancellationToken);
            return export.Result is PushStreamHttpResult file ? file : (ProblemHttpResult)export.Result;
        }

        var request = query.Judge(tenant.Plan, TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone));
        if (request.Refusal is { } refusal)
        {
            return Problems.Invalid(refusal.Code, refusal.Detail);
        }

        var page = await transactions.PageAsync(
            tenant.Id, tenant.TimeZone, request.Filter, request.Cursor, request.Limit, cancellationToken);
        var totals = await transactions.TotalsAsync(tenant.Id, tenant.TimeZone, request.Filter, cancellationToken);
        return TypedResults.Ok(TransactionsAnswer.Of(request.Filter.Unit, page, totals));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        [AsParameters] TransactionQuery query, CurrentTenant tenant, TransactionReader transactions,
        TransactionExporter exporter,
        IOptions<WalletOptions> options, CancellationToken cancellationToken)
    {
        var request = query.Judge(tenant.Plan, TimeZoneInfo.FindSystemTimeZoneById(tenant.TimeZone));
        if (request.Refusal is { } refusal)
        {
            return Problems.Invalid(refusal.Code, refusal.Detail);
        }

        var totals = await transactions.TotalsAsync(tenant.Id, tenant.TimeZone, request.Filter, cancellationToken);
        if (totals.Count > options.Value.ExportRowsMax)
        {
            return Problems.Invalid("export_too_large",
                $"That is {totals.Count} transactions; at most {options.Value.ExportRowsMax} are exported at once. "
                + "Choose a shorter period.");
        }

        var (tenantId, zone, filter) = (tenant.Id, tenant.TimeZone, request.Filter);
        return TypedResults.Stream(
            body => exporter.WriteAsync(body, tenantId, zone, filter, cancellationToken), "text/csv; charset=utf-8",
            $"transactions-{filter.Unit.ToCode()}.csv");
    }

    // JSON unless CSV is asked for by name and preferred.
    private static bool WantsCsv(HttpRequest request)
    {
        var accepted = MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types) ? types : [];
        var best = accepted.OrderByDescending(type => type.Quality ?? 1)
            .FirstOrDefault(type => type.MediaType.Value is "text/csv" or "application/json" && type.Quality is null or > 0);
        return best?.MediaType.Value is "text/csv";
    }
}
