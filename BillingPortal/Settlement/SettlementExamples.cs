namespace BillingPortal.Settlement;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class SettlementExamples
{
    public const string Month =
        """
        {"month":"2026-11","plan":"usd","mode":"monthly","status":"open","reserved":106.276,"givenBack":0.58,
         "events":2078,"lateEvents":0,"currency":"usd","settlesAt":"2026-12-01T02:00:00+00:00","open":[
         {"month":"2026-11","reserved":106.276,"settlesAt":"2026-12-01T02:00:00+00:00"}],"services":[{"service":"voice",
         "quantity":771.12,"events":168,"amount":55.356}],"settled":[{"month":"2026-10","amount":137.3605,"events":2708,
         "lateEvents":0,"entryId":"usd-60","reason":"month_end","settledAt":"2026-11-01T06:00:00.010363+00:00"}]}
        """;

    public const string Run =
        """
        {"message":"Monthly settlement completed","settled":12,"already":0,"failed":0,
         "timestamp":"2026-12-01T02:00:03.6769613+00:00"}
        """;
}
