using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BillingPortal.Invoices;

/// <summary>When a tenant is reminded of an unpaid invoice.</summary>
public enum ReminderStage
{
    BeforeDue = 1,
    DueToday,
    WeekLate,
    TwoWeeksLate,
}

/// <summary>A reminder that was sent: each stage of an invoice once.</summary>
public sealed class InvoiceReminder
{
    public Guid InvoiceId { get; init; }

    public ReminderStage Stage { get; init; }

    public Guid TenantId { get; init; }

    public DateTimeOffset SentAt { get; init; }
}

/// <summary>Table <c>invoice_reminders</c>; its key is what "once" rests on.</summary>
internal sealed class InvoiceReminderMap : IEntityTypeConfiguration<InvoiceReminder>
{
    public void Configure(EntityTypeBuilder<InvoiceReminder> reminder)
    {
        reminder.ToTable("invoice_reminders");
        reminder.HasKey(row => new { row.InvoiceId, row.Stage });
        reminder.HasCode(row => row.Stage);
        reminder.HasOne<Invoice>().WithMany().HasForeignKey(row => row.InvoiceId).OnDelete(DeleteBehavior.Restrict);
    }
}
