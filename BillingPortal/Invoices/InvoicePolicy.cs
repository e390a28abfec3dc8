namespace BillingPortal.Invoices;

/// <summary>Whether an invoice may be issued, and when a tenant is reminded of one. Pure: no clock, no I/O.</summary>
public static class InvoicePolicy
{
    private const int DaysBefore = 3;

    public static InvoiceJudgement Judge(InvoiceTerms? terms, UnpaidInvoices unpaid, long priceCents)
    {
        if (terms is not { IsApproved: true })
        {
            return new InvoiceJudgement(InvoiceVerdict.NotApproved, 0);
        }

        var left = Math.Max(0, terms.LimitCents - unpaid.Cents);
        return unpaid.HasOverdue ? new InvoiceJudgement(InvoiceVerdict.Overdue, left)
            : priceCents > left ? new InvoiceJudgement(InvoiceVerdict.BeyondLimit, left)
            : new InvoiceJudgement(InvoiceVerdict.Allowed, left);
    }

    /// <summary>Late is the day after the last day to pay.</summary>
    public static bool IsLate(DateOnly dueOn, DateOnly today) => today > dueOn;

    /// <summary>
    /// The stage that a day calls for; a run that comes late sends the last one that is due, not all that were missed.
    /// </summary>
    public static ReminderStage? StageOn(DateOnly dueOn, DateOnly today) => (today.DayNumber - dueOn.DayNumber) switch
    {
        >= 14 => ReminderStage.TwoWeeksLate,
        >= 7 => ReminderStage.WeekLate,
        > 0 => null, // overdue: the page's banner says so until a week has passed
        0 => ReminderStage.DueToday,
        >= -DaysBefore => ReminderStage.BeforeDue,
        _ => null,
    };
}

/// <summary>What a tenant owes by invoice.</summary>
public sealed record UnpaidInvoices(long Cents, bool HasOverdue);

/// <summary>Whether an invoice may be issued.</summary>
public enum InvoiceVerdict
{
    Allowed = 1,
    NotApproved,

    /// <summary>One is overdue: it comes first.</summary>
    Overdue,

    /// <summary>The limit for unpaid invoices would be exceeded.</summary>
    BeyondLimit,
}

/// <summary>The verdict, and how much may still be bought on invoice, in cents.</summary>
public sealed record InvoiceJudgement(InvoiceVerdict Verdict, long LeftCents);
