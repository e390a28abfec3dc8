namespace BillingPortal.AutoRecharge;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class AutoRechargeExamples
{
    public const string Short = """{"enabled":true,"credits":100,"threshold":10}""";

    public const string SaveShort = """{"enabled":true,"credits":100,"threshold":10.0}""";

    public const string Save = """{"enabled":true,"threshold":200,"amount":1000,"monthlyLimit":100}""";

    public const string Saved =
        """
        {"enabled":true,"pausedReason":null,"unit":"credits","threshold":200,"size":"amount","amount":1000,
         "credits":1000,"packageId":null,"paymentMethodIds":["pm_1Qy2Z3a4b5c6d7e8"],"attemptsPerDay":5,
         "bonusCredits":20,"lastTriggeredAt":null,"cooldown":{"minutes":60,"until":null},"limit":{"monthly":100,
         "spent":0,"left":100,"resetsAt":"2026-12-01T00:00:00+00:00"},"consecutiveFailures":0,"backoffUntil":null,
         "nextReason":"not_below_threshold","nextRechargeAt":"2026-11-26T19:07:11.7001535+00:00","smart":{"mode":"off",
         "proposedThreshold":290,"proposedAmount":2000,"reason":"Your median day with use took 282 credits."},
         "noticeHours":0,"noticedFor":null,"graceDays":0,"graceUntil":null}
        """;

    public const string Trigger = """{"triggerNow":true}""";

    public const string Triggered = """{"success":true,"attemptId":"01a1faeb-f0fb-74a0-9736-9a101e839f22","status":"succeeded"}""";

    public const string Sweep =
        """
        {"message":"Auto-recharge check completed","processed":3,"recharged":2,"skipped":1,"failed":0,
         "timestamp":"2026-11-20T21:45:30.5044269+00:00"}
        """;
}
