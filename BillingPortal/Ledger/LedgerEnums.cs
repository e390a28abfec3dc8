namespace BillingPortal.Ledger;

/// <summary>What a posting does to an account. Only <see cref="ClawBack"/>, <see cref="Capture"/>
/// and <see cref="ReserveFully"/> can leave a debt.</summary>
public enum LedgerOperation
{
    Debit = 1,
    Credit,
    Hold,
    Capture,
    Release,

    /// <summary>Takes from available; what is not there becomes debt.</summary>
    ClawBack,

    /// <summary>Ends a hold whose time is over; posted by the sweep alone.</summary>
    Expire,

    /// <summary>Adds to an open hold from available, and moves its end later where one is given.</summary>
    Extend,

    /// <summary>Adds to the open reservation of that id from available; the first one opens it. It never ends by itself.</summary>
    Reserve,

    /// <summary>Debits a reservation whole, whatever it has grown to, and ends it.</summary>
    Settle,

    /// <summary>
    /// Adds to the reservation what has certainly been used: out of its own hold, which that ends, and available. Is never
    /// refused for lack of balance: the rest becomes debt.
    /// </summary>
    ReserveFully,
}

/// <summary>Why an entry stands in the books.</summary>
public enum EntryKind
{
    Purchase = 1,
    Bonus,
    Usage,
    HoldCapture,
    Rent,
    SetUp,
    Refund,
    Dispute,
    DebtRepayment,
    Adjustment,
    Expiry,
    Correction,
    Settlement,

    /// <summary>Bought on invoice: posted when it is paid or, for tenants approved for that, when it is issued.</summary>
    Invoice,
}

/// <summary>The other side of every entry: where the credits came from or went to.</summary>
public enum CounterAccount
{
    CardClearing = 1,
    Bonus,
    VoiceRevenue,
    SmsRevenue,
    EmailRevenue,
    FaxRevenue,
    FileTransferRevenue,
    RentRevenue,
    Refund,
    Expiry,
    Adjustment,
    Debt,

    /// <summary>Of a monthly settlement: several services in one; its extensions say which.</summary>
    UsageRevenue,

    /// <summary>Owed or paid by invoice.</summary>
    Invoices,
}

/// <summary>The states of a hold: open, then exactly one end. An expired hold can still be captured, from what is available.</summary>
public enum HoldState
{
    Open = 1,
    Captured,
    Released,
    Expired,
}

/// <summary>What became of a posting. Everything but <see cref="Posted"/> changed nothing.</summary>
public enum PostOutcome
{
    Posted = 1,

    /// <summary>The key was posted before; the result carries the first outcome's figures.</summary>
    Duplicate,

    /// <summary>Available does not cover it. The key stays free: a later try is judged anew.</summary>
    Insufficient,
    UnknownAccount,
    UnknownHold,

    /// <summary>The hold was captured, released or (for a release) has expired before.</summary>
    HoldEnded,
}
