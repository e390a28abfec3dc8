namespace BillingPortal.Invoices;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class InvoiceExamples
{
    public const string List =
        """
        {"invoices":[{"id":"01a1faeb-f3ae-7284-9b01-a02dbd66acd2","number":"INV-2026-000001","status":"open",
         "amount":6.5,"credits":250,"bonusCredits":0,"unit":"credits","issuedAt":"2026-11-20T21:45:30+00:00",
         "dueOn":"2026-12-04","creditedAt":null,"paidAt":null,
         "pdf":"/api/invoices/01a1faeb-f3ae-7284-9b01-a02dbd66acd2.pdf"}],"nextCursor":null}
        """;
}
