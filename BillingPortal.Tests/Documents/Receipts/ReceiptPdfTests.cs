using BillingPortal.Documents.Billing;
using BillingPortal.Documents.Receipts;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Tests.Documents.Pdf;

namespace BillingPortal.Tests.Documents.Receipts;

/// <summary>What stands on a receipt, read back from its PDF.</summary>
public sealed class ReceiptPdfTests
{
    private static readonly DateTimeOffset PaidAt = new(2026, 11, 3, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void A_receipt_says_who_paid_whom_how_much_for_what_and_the_tax_in_it()
    {
        var reader = new PdfReader(ReceiptPdf.Write(Issued(taxPercent: 19)));

        Assert.Single(reader.Pages);
        Assert.Equal(
            """
            Receipt
            BP-2026-000017 · 3 November 2026
            From | To
            Portal GmbH | Żółw & Søn ΑΕ «Ёж»
            Hauptstraße 1 | ul. Łąkowa 5
            10115 Berlin | 00-001 Warszawa
            Germany | Poland
            VAT id DE123456789 | VAT id PL1234567890
            Receipt number | BP-2026-000017
            Paid on | 3 November 2026, 09:30 UTC
            Paid with | Visa ••4242
            Payment reference | R-261103-00000001
            Your reference | PO-2026/7
            Description | Quantity | Amount (USD)
            Credits, by auto-recharge | 1,000 credits | $22.00
            Bonus, free of charge | 20 credits | $0.00
            Total paid | $22.00
            Contains VAT 19% | $3.51
            Amount without VAT | $18.49
            Portal GmbH · Hauptstraße 1 · 10115 Berlin · Germany · VAT id DE123456789 · bills@portal.example | Page 1 of 1
            """,
            reader.Text);
        Assert.Equal("Receipt BP-2026-000017", reader.Info("Title"));
    }

    [Fact]
    public void What_went_back_stands_below_as_credit_notes_with_their_tax()
    {
        var issued = Issued(taxPercent: 19, Credit(1, CreditReason.Refund, 500), Credit(2, CreditReason.Refund, 1700));

        var text = new PdfReader(ReceiptPdf.Write(issued)).Text;
        Assert.Contains(
            "BP-2026-000017-C1 | 4 November 2026 | Refunded to the card | -$0.80 | -$5.00", text, StringComparison.Ordinal);
        Assert.Contains(
            "BP-2026-000017-C2 | 5 November 2026 | Refunded to the card | -$2.71 | -$17.00", text, StringComparison.Ordinal);
        Assert.Contains("Remaining | $0.00 | $0.00", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_rate_no_tax_is_spoken_of()
    {
        var text = new PdfReader(ReceiptPdf.Write(Issued(taxPercent: 0))).Text;

        Assert.DoesNotContain("VAT 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_can_be_looked_at_in_out_documents() => await Samples.KeepAsync("receipt", ReceiptPdf.Write(
        Issued(taxPercent: 19, Credit(1, CreditReason.Refund, 500), Credit(2, CreditReason.Dispute, 1700))));

    [Fact]
    public void The_same_receipt_is_the_same_file() =>
        Assert.Equal(ReceiptPdf.Write(Issued(19)), ReceiptPdf.Write(Issued(19)));

    private static ReceiptCredit Credit(int ordinal, CreditReason reason, int cents) => new()
    {
        Ordinal = ordinal,
        Reason = reason,
        Cents = cents,
        NotedAt = PaidAt.AddDays(ordinal),
    };

    private static IssuedReceipt Issued(decimal taxPercent, params ReceiptCredit[] credits) => new(
        new Receipt
        {
            Series = "BP",
            Year = 2026,
            Number = 17,
            IssuedAt = PaidAt.AddSeconds(1),
            Seller = PaidBooks.Seller.ToParty(),
            Customer = new Party("Żółw & Søn ΑΕ «Ёж»", ["ul. Łąkowa 5", "00-001 Warszawa"], "PL", "PL1234567890"),
            TaxName = "VAT",
            TaxPercent = taxPercent,
            PurchaseOrder = "PO-2026/7",
        },
        new Purchase
        {
            Id = new Guid("00000000-0000-0000-0000-000000000001"),
            Kind = PurchaseKind.AutoRecharge,
            Unit = Unit.Credits,
            CreditsE4 = Amount.Credits(1000).E4,
            BonusE4 = Amount.Credits(20).E4,
            PriceCents = 2200,
            CardBrand = "visa",
            CardLast4 = "4242",
            CreatedAt = PaidAt,
            SettledAt = PaidAt,
        },
        credits);
}
