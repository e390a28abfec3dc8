using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Documents;
using BillingPortal.Kernel;
using Microsoft.Extensions.Options;

namespace BillingPortal.Invoices;

/// <summary>The mails about an invoice. The caller commits.</summary>
public sealed class InvoiceMails(Mailer mailer, IOptions<AppOptions> app)
{
    internal void EnqueueIssued(UnitOfWork unit, Invoice invoice) => Enqueue(
        unit, invoice, MailKinds.Invoice,
        $"Invoice {invoice.Text}: {InvoiceTexts.Price(invoice)}, due {InvoiceTexts.Day(invoice.DueOn)}",
        invoice.Gives is InvoiceCredit.OnApproval
            ? $"{InvoiceTexts.What(invoice)} are in your balance already. Please pay by {InvoiceTexts.Day(invoice.DueOn)}."
            : $"{InvoiceTexts.What(invoice)} are added to your balance when the invoice is paid.",
        $"invoice-issued:{invoice.Id}");

    internal void EnqueueReminder(UnitOfWork unit, Invoice invoice, ReminderStage stage)
    {
        var (title, text) = stage switch
        {
            ReminderStage.BeforeDue => (
                $"Invoice {invoice.Text} is due on {InvoiceTexts.Day(invoice.DueOn)}",
                "A friendly reminder: if you have paid it in the meantime, there is nothing to do."),
            ReminderStage.DueToday => (
                $"Invoice {invoice.Text} is due today",
                "Please pay it today. While an invoice is overdue nothing more is sold on invoice."),
            ReminderStage.WeekLate => (
                $"Invoice {invoice.Text} is a week overdue",
                "Nothing more is sold on invoice until it is paid, auto-recharge by invoice included."),
            ReminderStage.TwoWeeksLate => (
                $"Invoice {invoice.Text} is two weeks overdue",
                "This is our last reminder. Please pay it now, or write to us if something is wrong with it."),
        };
        Enqueue(
            unit, invoice,
            stage is ReminderStage.BeforeDue or ReminderStage.DueToday ? MailKinds.Invoice : MailKinds.InvoiceOverdue,
            title, text, $"invoice-reminder:{invoice.Id}:{stage}");
    }

    internal void EnqueueVoid(UnitOfWork unit, Invoice invoice) => Enqueue(
        unit, invoice, MailKinds.Invoice, $"Invoice {invoice.Text} is void",
        $"You owe nothing for it. Reason: {invoice.VoidReason}."
            + (invoice.CreditedAt is null ? "" : $" The {InvoiceTexts.What(invoice)} it had given were taken back."),
        $"invoice-void:{invoice.Id}");

    /// <summary>It is paid or void: its banner goes.</summary>
    internal void EndOverdue(UnitOfWork unit, Invoice invoice)
    {
        foreach (var stage in Enum.GetValues<ReminderStage>())
        {
            mailer.End(unit, invoice.TenantId, MailKinds.InvoiceOverdue, $"invoice-reminder:{invoice.Id}:{stage}");
        }
    }

    private void Enqueue(UnitOfWork unit, Invoice invoice, string kind, string title, string text, string key) =>
        mailer.Enqueue<InvoiceMail>(
            unit, invoice.TenantId, kind, title,
            new Dictionary<string, object?>
            {
                [nameof(InvoiceMail.Title)] = title,
                [nameof(InvoiceMail.Text)] = text,
                [nameof(InvoiceMail.Number)] = invoice.Text,
                [nameof(InvoiceMail.For)] = InvoiceTexts.What(invoice),
                [nameof(InvoiceMail.Price)] = InvoiceTexts.Price(invoice),
                [nameof(InvoiceMail.Due)] = invoice.IsUnpaid ? InvoiceTexts.Day(invoice.DueOn) : null,
                [nameof(InvoiceMail.Pdf)] = app.Value.Link(InvoiceTexts.PdfPath(invoice.Id)).ToString(),
                [nameof(InvoiceMail.Pay)] =
                    invoice.IsUnpaid ? app.Value.Link($"/invoices/{invoice.Id}/pay").ToString() : null,
            },
            key, text);
}
