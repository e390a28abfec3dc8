namespace BillingPortal.Purchases;

/// <summary>Calls and answers of a running portal, for the description.</summary>
internal static class PurchaseExamples
{
    public const string Package = """{"packageId":"credits-250","savePaymentMethod":true}""";

    public const string Opened =
        """
        {"clientSecret":"pi_KdAEyf01MEGcfXlD_secret_8EAdEqzOQ6htSMgj","paymentIntentId":"pi_KdAEyf01MEGcfXlD",
         "credits":250,"amount":6.5,"bonusCredits":0,"unit":"credits","status":"requires_payment_method",
         "purchaseId":"01a1faeb-f0b1-7352-8d8c-873f04be1c68"}
        """;

    public const string Amount = """{"customAmount":25,"paymentMethodId":"$CARD_ID"}""";

    public const string Paid =
        """
        {"clientSecret":"pi_4AFaS6A7gZ47vyor_secret_id06wLPtiL0YAqOX","paymentIntentId":"pi_4AFaS6A7gZ47vyor",
         "credits":1136,"amount":25,"bonusCredits":0,"unit":"credits","status":"succeeded",
         "purchaseId":"01a1faeb-f0fb-74a0-9736-9a101e839f22"}
        """;

    public const string Checkout = """{"credits":100,"enable_auto_recharge":true}""";

    public const string Session =
        """
        {"session_id":"cs_test_qWfm8quARUIFOOVdL0Qk55Tl",
         "url":"https://checkout.stripe.com/c/pay/cs_test_qWfm8quARUIFOOVdL0Qk55Tl"}
        """;
}
