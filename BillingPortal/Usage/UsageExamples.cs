namespace BillingPortal.Usage;

/// <summary>Calls and answers of a running portal, for the description.</summary>
internal static class UsageExamples
{
    public const string Event =
        """
        {"service":"voice","quantity":3.5,"reference_id":"call-4711","occurred_at":"2026-11-20T09:30:00Z","metadata":{
         "agent":"eva"}}
        """;

    public const string Posted = """{"outcome":"posted","amount":100,"unit":"credits","balanceAfter":1761,"entryId":"credits-5256"}""";

    public const string Events =
        """
        [{"service":"email","quantity":2,"reference_id":"mail-4711"},{"service":"pigeon","quantity":1,
         "reference_id":"bird-1"}]
        """;

    public const string Results =
        """
        {"results":[{"reference_id":"mail-4711","outcome":"posted","amount":2,"balanceAfter":1759,
         "entryId":"credits-5257"},{"reference_id":"bird-1","outcome":"invalid","reason":"unknown_service",
         "detail":"service must be one of email, fax, file_transfer, sms_inbound, sms_outbound, voice."}]}
        """;

    public const string Reserve = """{"service":"voice","quantity":10,"reference_id":"call-4712","expires_in_seconds":3600}""";

    public const string Held =
        """
        {"holdId":"01a1faeb-f3ae-7284-9b01-a02dbd66acd2","amount":250,"unit":"credits","available":1504,
         "maxQuantity":70,"maxSeconds":4200}
        """;

    public const string More = """{"quantity":5}""";

    public const string Extended =
        """
        {"holdId":"01a1faeb-f3ae-7284-9b01-a02dbd66acd2","amount":375,"unit":"credits","available":1379,
         "maxQuantity":70,"maxSeconds":4200}
        """;

    public const string Used = """{"quantity":7.5}""";

    public const string Captured =
        """
        {"outcome":"posted","amount":200,"unit":"credits","balanceAfter":1554,"available":1554,"debt":0,
         "entryId":"credits-5259"}
        """;

    public const string Released = """{"outcome":"released","amount":250,"unit":"credits","available":1554}""";
}
