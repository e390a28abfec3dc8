using BillingPortal.Invoices;

namespace BillingPortal.Tests.Invoices;

/// <summary>Who may buy on invoice, and when a tenant is reminded.</summary>
public sealed class InvoicePolicyTests
{
    private static readonly DateOnly Due = new(2026, 12, 4);

    [Theory]
    [InlineData(false, 0, false, 100, InvoiceVerdict.NotApproved)]
    [InlineData(true, 0, false, 50_000, InvoiceVerdict.Allowed)]
    [InlineData(true, 0, false, 50_001, InvoiceVerdict.BeyondLimit)]
    [InlineData(true, 49_000, false, 1_000, InvoiceVerdict.Allowed)]
    [InlineData(true, 49_000, false, 1_001, InvoiceVerdict.BeyondLimit)]
    [InlineData(true, 60_000, false, 1, InvoiceVerdict.BeyondLimit)]
    [InlineData(true, 1_000, true, 1, InvoiceVerdict.Overdue)]
    public void The_terms_decide(bool isApproved, long unpaid, bool hasOverdue, long price, InvoiceVerdict verdict)
    {
        var terms = new InvoiceTerms { IsApproved = isApproved, LimitCents = 50_000 };

        Assert.Equal(verdict, InvoicePolicy.Judge(terms, new UnpaidInvoices(unpaid, hasOverdue), price).Verdict);
    }

    [Fact]
    public void Without_terms_nothing_is_sold() => Assert.Equal(
        InvoiceVerdict.NotApproved, InvoicePolicy.Judge(null, new UnpaidInvoices(0, false), 1).Verdict);

    [Theory]
    [InlineData(-4, null)]
    [InlineData(-3, ReminderStage.BeforeDue)]
    [InlineData(-1, ReminderStage.BeforeDue)]
    [InlineData(0, ReminderStage.DueToday)]
    [InlineData(1, null)]
    [InlineData(6, null)]
    [InlineData(7, ReminderStage.WeekLate)]
    [InlineData(13, ReminderStage.WeekLate)]
    [InlineData(14, ReminderStage.TwoWeeksLate)]
    [InlineData(40, ReminderStage.TwoWeeksLate)]
    public void Reminders_come_before_on_and_after_the_due_day(int days, ReminderStage? stage) =>
        Assert.Equal(stage, InvoicePolicy.StageOn(Due, Due.AddDays(days)));

    [Fact]
    public void Late_is_the_day_after_the_due_day()
    {
        Assert.False(InvoicePolicy.IsLate(Due, Due));
        Assert.True(InvoicePolicy.IsLate(Due, Due.AddDays(1)));
    }
}
