namespace BillingPortal.PhoneNumbers;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class RentExamples
{
    public const string Billed =
        """
        {"message":"Monthly billing completed","billed":4,"suspended":1,"retried":2,"resumed":1,"skipped":0,"failed":0,
         "timestamp":"2026-11-20T02:00:02.5475394+00:00","kept":0}
        """;
}
