namespace BillingPortal.Messaging;

/// <summary>Calls and answers of a running portal, for the description.</summary>
internal static class SmsExamples
{
    public const string Send = """{"to":"+12025550123","message":"Your appointment is tomorrow at 10:00."}""";

    public const string Sent =
        """
        {"success":true,"messageSid":"SM671121128d401503e7e4a7b92942b6cf","status":"queued","creditsDeducted":5,
         "from":"+14155550142","to":"+12025550123"}
        """;

    public const string Stats =
        """
        {"currentMonth":{"sent":312,"received":288,"creditsSpent":1783,"successRate":95},"breakdown":{
         "sentCredits":1495,"receivedCredits":288},"recentMessages":[{"id":"01a1fad7-7a60-799d-83ef-d5813cd8a4d8",
         "messageSid":"SM89c31878628f8e9fa3e07d0a3bc0e069","direction":"inbound","from":"+12025550166",
         "to":"+14155550142","message":"4","status":"received","errorCode":null,"segments":1,"credits":1,
         "createdAt":"2026-11-20T21:23:08+00:00"}],"period":{"start":"2026-11-01T00:00:00+00:00",
         "end":"2026-12-01T00:00:00+00:00"}}
        """;

    public const string Messages =
        """
        {"messages":[{"id":"01a1fad7-7a60-799d-83ef-d5813cd8a4d8","messageSid":"SM89c31878628f8e9fa3e07d0a3bc0e069",
         "direction":"inbound","from":"+12025550166","to":"+14155550142","message":"4","status":"received",
         "errorCode":null,"segments":1,"credits":1,"createdAt":"2026-11-20T21:23:08+00:00"}],
         "nextCursor":"MTo2MzkzMDI3NDU4ODAwMDAwMDA6MDFhMWZhZDc3YTYwNzk5ZDgzZWZkNTgxM2NkOGE0ZDg"}
        """;

    public const string Csv =
        "id,created_at,direction,from,to,country,state,segments,price,unit,payment,error_code,provider_id,entry,updated_at,text\n"
        + "01a1fad7-7a60-799d-83ef-d5813cd8a4d8,2026-11-20T21:23:08.000Z,inbound,+12025550166,+14155550142,US,received,1,1,"
        + "credits,charged,,SM89c31878628f8e9fa3e07d0a3bc0e069,credits-5255,2026-11-20T21:23:08.000Z,Thanks!\n";
}
