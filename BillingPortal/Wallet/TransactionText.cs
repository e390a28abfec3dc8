using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;

namespace BillingPortal.Wallet;

/// <summary>Kinds and entries in the words of the portal.</summary>
public static class TransactionText
{
    /// <summary>The kinds a person may filter by.</summary>
    public static readonly IReadOnlyList<EntryKind> Kinds = Enum.GetValues<EntryKind>();

    public static string Name(EntryKind kind) => kind switch
    {
        EntryKind.Purchase => "Top-up",
        EntryKind.Bonus => "Bonus",
        EntryKind.Usage => "Usage",
        EntryKind.HoldCapture => "Reserved usage",
        EntryKind.Rent => "Number rent",
        EntryKind.SetUp => "Number set-up",
        EntryKind.Refund => "Refund",
        EntryKind.Dispute => "Disputed payment",
        EntryKind.DebtRepayment => "Debt repaid",
        EntryKind.Adjustment => "Adjustment",
        EntryKind.Expiry => "Expired credits",
        EntryKind.Correction => "Correction",
        EntryKind.Settlement => "Monthly settlement",
        EntryKind.Invoice => "Bought on invoice",
    };

    /// <summary>One line that says why the entry is there: its own note, or else its kind and service.</summary>
    public static string Describe(Transaction entry) => entry switch
    {
        { Note: { Length: > 0 } note } => note,
        { Service: { } service, Kind: EntryKind.Usage or EntryKind.HoldCapture } => ServiceNames.Of(service),
        { Service: { } service } => $"{Name(entry.Kind)}: {ServiceNames.Of(service)}",
        { ReversesSeq: { } seq } => $"{Name(entry.Kind)} of entry {seq}",
        _ => Name(entry.Kind),
    };

    /// <summary>What kind of entry this is and whether it could have been otherwise, in one sentence.</summary>
    public static string Explain(Transaction entry) => entry.Kind switch
    {
        EntryKind.Purchase => "A payment succeeded and its credits were added.",
        EntryKind.Bonus when entry.CauseType == "grant" => "Given by us, with no payment behind it.",
        EntryKind.Bonus => "Given on top of a payment.",
        EntryKind.Usage => "Used by a service at the price in force when it happened.",
        EntryKind.HoldCapture => "Reserved before the service ran; this is what it took in the end.",
        EntryKind.Rent => "One month of a phone number.",
        EntryKind.SetUp => "Setting up a phone number, its first month included.",
        EntryKind.Refund => entry.Amount.IsPositive ? "Given back." : "A payment was refunded, so its credits were taken back.",
        EntryKind.Dispute => entry.Amount.IsPositive
            ? "A dispute was decided for you, so the credits came back."
            : "A payment was disputed with the bank, so its credits were taken back.",
        EntryKind.DebtRepayment => "A top-up paid what was owed.",
        EntryKind.Adjustment when entry.CauseType == "balance_import" => "Brought over when you moved here from another system.",
        EntryKind.Adjustment => "Changed by support staff, for the reason that the line above gives.",
        EntryKind.Expiry => "Promotional credits whose time was over.",
        EntryKind.Correction => "Undoes an earlier entry.",
        EntryKind.Invoice => "Bought on invoice: added when it was issued or paid, as agreed.",
        EntryKind.Settlement => "The month's reserved usage, settled as one amount.",
    };

    /// <summary>Where the cause can be looked at; null when the entry says all there is.</summary>
    public static (string Href, string Text)? LinkOf(Transaction entry, bool canPay) => entry switch
    {
        { CauseType: "sms", CauseId: { } message } => ($"/sms?message={message}", "Show the message"),
        { ReversesSeq: { } seq } =>
            (TransactionAddress.Entry(entry.Unit, seq), $"Show entry {entry.Unit.ToCode()}-{seq}"),
        { Service: ServiceCodes.Voice, Reference: { Length: 34 } call } when call.StartsWith("CA", StringComparison.Ordinal) =>
            ($"/voice?call={Uri.EscapeDataString(call)}", "Show the call"),
        { CauseType: "purchase", CauseId: { } purchase } when canPay => ($"/buy?purchase={purchase}", "Show the payment"),
        { CauseType: "invoice", CauseId: { } invoice } => ($"/invoices?invoice={invoice}", "Show the invoice"),
        { CauseType: "phone_number", CauseId: { } number } => ($"/numbers?number={number}", "Show the number"),
        { CauseType: "settlement", CauseId: { } month } => (TransactionAddress.Month(month), "Show what was used"),
        { CauseType: "grant", CauseId: { } given } when given.Split('-') is [_, var seq] && long.TryParse(seq, out var number) =>
            (TransactionAddress.Entry(entry.Unit, number), "Show the entry that gave them"),
        { Kind: EntryKind.Usage or EntryKind.HoldCapture, Reference: { Length: > 0 } reference } =>
            (TransactionAddress.Reference(entry.Unit, reference), "Show all with this reference"),
        _ => null,
    };

    /// <summary>The receipt behind an entry, as a file; null where no payment is behind it.</summary>
    public static string? ReceiptOf(Transaction entry) =>
        entry is { CauseType: "purchase", CauseId: { } purchase } ? $"/api/receipts/{purchase}.pdf" : null;
}
