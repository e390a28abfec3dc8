using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Receipts;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Documents;

/// <summary>What the page Statements shows.</summary>
/// <param name="Months">The plan's account first, youngest month first.</param>
/// <param name="Further">By account, the month before which there are more.</param>
/// <param name="ChangedBy">Who saved the details last; null when nobody did or the person has left.</param>
public sealed record StatementsView(
    IReadOnlyList<Statement> Months, IReadOnlyDictionary<Unit, StatementMonth> Further,
    IReadOnlyList<ReceiptRow> Receipts, BillingDetails? Details, string? ChangedBy)
{
    public const int ReceiptsMax = 50;
    private const int MonthsAtOnce = 12;
    private const int MonthsMax = 600;

    public bool HasBothAccounts => Months.Select(statement => statement.Unit).Distinct().Count() > 1;

    /// <summary>Reads the page's view. Months that are over are stored on the way.</summary>
    public sealed class Reader(
        StatementService statements, ReceiptReader receipts, BillingDetailsService details, TenantReader tenants)
    {
        /// <param name="tenant">Whose.</param>
        /// <param name="shown">What is on the page: as many months are read again.</param>
        /// <param name="cancellationToken">The page was left.</param>
        public async Task<StatementsView> ReadAsync(
            CurrentTenant tenant, StatementsView? shown, CancellationToken cancellationToken)
        {
            var (months, further) = (new List<Statement>(), new Dictionary<Unit, StatementMonth>());
            foreach (var account in Accounts(tenant.Plan))
            {
                var most = Math.Max(MonthsAtOnce, shown?.Months.Count(month => month.Unit == account) ?? 0);
                var read = await statements.ListAsync(tenant.Id, account, most + 1, before: null, cancellationToken);
                Take(account, read, most, months, further);
            }

            var saved = await details.FindAsync(tenant.Id, cancellationToken);
            return new StatementsView(
                months, further, await receipts.ListAsync(tenant.Id, ReceiptsMax, cancellationToken), saved,
                await NameOfAsync(tenant.Id, saved?.UpdatedBy, cancellationToken));
        }

        public async Task<StatementsView> OlderAsync(
            CurrentTenant tenant, StatementsView shown, Unit account, StatementMonth before,
            CancellationToken cancellationToken)
        {
            var further = shown.Further.Where(pair => pair.Key != account).ToDictionary();
            var months = shown.Months.Where(month => month.Unit == account).ToList();
            if (months.Count < MonthsMax)
            {
                var read = await statements.ListAsync(tenant.Id, account, MonthsAtOnce + 1, before, cancellationToken);
                Take(account, read, MonthsAtOnce, months, further);
            }

            months.AddRange(shown.Months.Where(month => month.Unit != account));
            return shown with
            {
                Months = [.. months.OrderBy(month => month.Unit != tenant.Plan)],
                Further = further,
            };
        }

        private async Task<string?> NameOfAsync(Guid tenantId, Guid? userId, CancellationToken cancellationToken) =>
            userId is null
                ? null
                : (await tenants.PeopleAsync(tenantId, cancellationToken)).FirstOrDefault(one => one.UserId == userId)?.Name;

        private static Unit[] Accounts(Unit plan) =>
            plan is Unit.Credits ? [Unit.Credits, Unit.Usd] : [Unit.Usd, Unit.Credits];

        private static void Take(
            Unit account, IReadOnlyList<Statement> read, int most, List<Statement> months,
            Dictionary<Unit, StatementMonth> further)
        {
            months.AddRange(read.Take(most));
            if (read.Count > most)
            {
                further[account] = read[most - 1].Period;
            }
        }
    }
}
