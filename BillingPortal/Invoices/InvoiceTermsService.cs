using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Documents;
using BillingPortal.Outbox;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Invoices;

/// <summary>What tenants were allowed. A change is written into the audit log; invoices that exist stay as they are.</summary>
public sealed class InvoiceTermsService(Database database, AuditLog audit, BalanceFeed feed, TimeProvider clock)
{
    public async Task<InvoiceTerms?> FindAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        return await unit.Db.Set<InvoiceTerms>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.TenantId == tenantId, cancellationToken);
    }

    /// <summary>Null when it was saved, else what is wrong with the wish.</summary>
    public async Task<string?> SaveAsync(
        Guid tenantId, TermsWish wish, Actor actor, CancellationToken cancellationToken = default)
    {
        if (wish.DueDays is < InvoiceTerms.DueDaysMin or > InvoiceTerms.DueDaysMax)
        {
            return $"The time to pay must be from {InvoiceTerms.DueDaysMin} to {InvoiceTerms.DueDaysMax} days.";
        }

        if (wish.LimitCents is < 1 or > InvoiceTerms.LimitCentsMax)
        {
            return $"The limit must be more than nothing and at most {DocumentText.Cents(InvoiceTerms.LimitCentsMax)}.";
        }

        await using var unit = await database.BeginOpsAsync(cancellationToken);
        await using (var make = unit.Command(
            """
            INSERT INTO invoice_terms (tenant_id, is_approved, due_days, limit_cents, gives, updated_at)
            VALUES ($1, false, 14, 1, 'on_payment', $2) ON CONFLICT (tenant_id) DO NOTHING
            """, tenantId, clock.GetUtcNow()))
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        var terms = await unit.Db.Set<InvoiceTerms>()
            .FromSql($"SELECT * FROM invoice_terms WHERE tenant_id = {tenantId} FOR UPDATE")
            .SingleAsync(cancellationToken);
        var before = new TermsWish(terms.IsApproved, terms.DueDays, terms.LimitCents, terms.Gives);
        (terms.IsApproved, terms.DueDays, terms.LimitCents) = (wish.IsApproved, wish.DueDays, wish.LimitCents);
        (terms.Gives, terms.UpdatedAt, terms.UpdatedBy) = (wish.Gives, clock.GetUtcNow(), actor.Id);
        if (before != wish)
        {
            audit.Record(unit, new AuditRecord(
                tenantId, actor, "invoice_terms.changed", "invoice_terms", tenantId.ToString(), Summary(wish), before, wish));
        }

        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return null;
    }

    private static string Summary(TermsWish wish) => !wish.IsApproved ? "Buying on invoice withdrawn"
        : $"Buying on invoice approved: {wish.DueDays} days to pay, at most {DocumentText.Cents(wish.LimitCents)} unpaid, "
            + (wish.Gives is InvoiceCredit.OnApproval ? "credits when issued" : "credits when paid");
}

/// <summary>The terms as staff want them.</summary>
public sealed record TermsWish(bool IsApproved, int DueDays, int LimitCents, InvoiceCredit Gives);
