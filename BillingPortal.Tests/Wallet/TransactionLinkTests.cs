using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Wallet;

namespace BillingPortal.Tests.Wallet;

/// <summary>Every kind of entry says why it is there, and leads to its cause where there is more to see.</summary>
public sealed class TransactionLinkTests
{
    [Theory]
    [InlineData(EntryKind.Purchase, "purchase", "3b1d", null, null, "/buy?purchase=3b1d")]
    [InlineData(EntryKind.Bonus, "purchase", "3b1d", null, null, "/buy?purchase=3b1d")]
    [InlineData(EntryKind.Refund, "purchase", "3b1d", null, null, "/buy?purchase=3b1d")]
    [InlineData(EntryKind.Dispute, "purchase", "3b1d", null, null, "/buy?purchase=3b1d")]
    [InlineData(EntryKind.DebtRepayment, "purchase", "3b1d", null, null, "/buy?purchase=3b1d")]
    [InlineData(EntryKind.HoldCapture, "sms", "7f2c", "sms_outbound", "SM1", "/sms?message=7f2c")]
    [InlineData(EntryKind.Refund, "sms", "7f2c", "sms_outbound", "SM1", "/sms?message=7f2c")]
    [InlineData(
        EntryKind.Usage, "usage_event", null, "voice", "CA00000000000000000000000000000001",
        "/voice?call=CA00000000000000000000000000000001")]
    [InlineData(EntryKind.HoldCapture, "usage_hold", "9a", "voice", "call 7", "/transactions?unit=usd&reference=call%207")]
    [InlineData(EntryKind.Usage, "usage_event", null, "email", "mail-1", "/transactions?unit=usd&reference=mail-1")]
    [InlineData(EntryKind.Rent, "phone_number", "5e", "number_monthly", null, "/numbers?number=5e")]
    [InlineData(EntryKind.SetUp, "phone_number", "5e", "number_set_up", null, "/numbers?number=5e")]
    [InlineData(EntryKind.Settlement, "settlement", "2026-10", null, null, "/wallet/months/2026-10")]
    [InlineData(EntryKind.Expiry, "grant", "usd-12", null, null, "/transactions?unit=usd&cursor=")]
    [InlineData(EntryKind.Purchase, "invoice", "8d", null, null, "/invoices?invoice=8d")]
    public void An_entry_leads_to_its_cause(
        EntryKind kind, string causeType, string? causeId, string? service, string? reference, string href)
    {
        var link = TransactionText.LinkOf(Of(kind, causeType, causeId, service, reference), canPay: true);

        Assert.StartsWith(href, link!.Value.Href, StringComparison.Ordinal);
    }

    [Fact]
    public void A_correction_leads_to_what_it_undoes()
    {
        var correction = Of(EntryKind.Correction, "staff_action", "1", null, null) with { ReversesSeq = 12 };

        Assert.Equal("Show entry usd-12", TransactionText.LinkOf(correction, canPay: false)!.Value.Text);
    }

    // Gifts and what people did by hand have no page: their line and this sentence are all there is.
    [Theory]
    [InlineData(EntryKind.Bonus, "grant", "Given by us, with no payment behind it.")]
    [InlineData(EntryKind.Adjustment, "balance_import", "Brought over when you moved here from another system.")]
    [InlineData(EntryKind.Adjustment, "staff_action", "Changed by support staff, for the reason that the line above gives.")]
    public void What_has_no_page_says_all_there_is(EntryKind kind, string causeType, string said)
    {
        var entry = Of(kind, causeType, null, null, null);

        Assert.Null(TransactionText.LinkOf(entry, canPay: true));
        Assert.Equal(said, TransactionText.Explain(entry));
    }

    [Fact]
    public void Who_may_not_pay_has_the_receipt_of_a_payment()
    {
        var entry = Of(EntryKind.Purchase, "purchase", "3b1d", null, null);

        Assert.Null(TransactionText.LinkOf(entry, canPay: false));
        Assert.Equal("/api/receipts/3b1d.pdf", TransactionText.ReceiptOf(entry));
    }

    private static Transaction Of(EntryKind kind, string causeType, string? causeId, string? service, string? reference) => new()
    {
        Unit = Unit.Usd,
        Seq = 30,
        Kind = kind,
        Amount = Amount.Usd(-1),
        BalanceAfter = Amount.Usd(9),
        OccurredAt = default,
        PostedAt = default,
        CauseType = causeType,
        CauseId = causeId,
        Service = service,
        Reference = reference,
    };
}
