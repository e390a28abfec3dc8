using System.Globalization;
using BillingPortal.Documents;
using BillingPortal.Kernel;
using BillingPortal.Ledger;

namespace BillingPortal.Invoices;

/// <summary>The words, keys and postings of invoices.</summary>
internal static class InvoiceTexts
{
    /// <summary>The cause type of an invoice's ledger entries.</summary>
    public const string Cause = "invoice";

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    public static string PdfPath(Guid invoiceId) => $"/api/invoices/{invoiceId}.pdf";

    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", English);

    public static string Price(Invoice invoice) => DocumentText.Cents(invoice.PriceCents);

    public static string What(Invoice invoice) => DocumentText.WithUnit(invoice.Credits);

    /// <summary>Why no invoice is issued, and what to do, as a sentence for the tenant.</summary>
    public static string Refusal(InvoiceJudgement judgement) => judgement.Verdict switch
    {
        InvoiceVerdict.Allowed => "",
        InvoiceVerdict.NotApproved => "Buying on invoice is not approved for you. Ask our support, or pay by card.",
        InvoiceVerdict.Overdue => "An invoice is overdue. Pay it first; until then nothing more is sold on invoice.",
        InvoiceVerdict.BeyondLimit => judgement.LeftCents == 0
            ? "Your limit for unpaid invoices is reached. Pay an open invoice first, or pay by card."
            : $"Your limit for unpaid invoices leaves {DocumentText.Cents(judgement.LeftCents)}. Choose less, pay an "
                + "open invoice first, or pay by card.",
    };

    /// <summary>The paid part, then the bonus if there is one. Their keys are the invoice's: posted once, whoever comes.</summary>
    public static IReadOnlyList<Posting> Credits(Invoice invoice, DateTimeOffset now)
    {
        var bought = Posting(
            invoice, LedgerOperation.Credit, invoice.Credits, EntryKind.Invoice, CounterAccount.Invoices,
            Ids.FromName(Cause, invoice.Id.ToString()), now, $"Invoice {invoice.Text}: {What(invoice)}");
        return invoice.BonusE4 == 0 ? [bought] :
        [
            bought,
            Posting(
                invoice, LedgerOperation.Credit, invoice.Bonus, EntryKind.Bonus, CounterAccount.Bonus,
                Ids.FromName("invoice-bonus", invoice.Id.ToString()), now, $"Bonus with invoice {invoice.Text}"),
        ];
    }

    /// <summary>Takes back what a void invoice had given; what is not there becomes debt.</summary>
    public static IReadOnlyList<Posting> TakenBack(Invoice invoice, DateTimeOffset now)
    {
        var note = $"Invoice {invoice.Text} is void: taken back";
        var bought = Posting(
            invoice, LedgerOperation.ClawBack, invoice.Credits, EntryKind.Correction, CounterAccount.Invoices,
            Ids.FromName("invoice-void", invoice.Id.ToString()), now, note);
        return invoice.BonusE4 == 0 ? [bought] :
        [
            Posting(
                invoice, LedgerOperation.ClawBack, invoice.Bonus, EntryKind.Correction, CounterAccount.Bonus,
                Ids.FromName("invoice-bonus-void", invoice.Id.ToString()), now, note),
            bought,
        ];
    }

    private static Posting Posting(
        Invoice invoice, LedgerOperation operation, Amount amount, EntryKind kind, CounterAccount counter, Guid key,
        DateTimeOffset now, string note) => new()
        {
            TenantId = invoice.TenantId,
            Operation = operation,
            Amount = amount,
            Kind = kind,
            Counter = counter,
            Key = key,
            CauseType = Cause,
            CauseId = invoice.Id.ToString(),
            OccurredAt = now,
            Note = note,
        };
}
