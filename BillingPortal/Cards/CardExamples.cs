namespace BillingPortal.Cards;

/// <summary>Calls and answers of a running portal, for the description.</summary>
internal static class CardExamples
{
    public const string List =
        """
        {"paymentMethods":[{"id":"pm_1Qy2Z3a4b5c6d7e8","brand":"visa","last4":"4242","expMonth":12,"expYear":2030,
         "isDefault":true,"state":"active","priority":1}]}
        """;

    public const string Begin = """{"action":"create_setup_intent"}""";

    public const string Begun = """{"clientSecret":"seti_wuS2fpPvv90X_secret_Z6Yn57rBeK4p","setupIntentId":"seti_wuS2fpPvv90X"}""";

    public const string SetDefault = """{"action":"set_default","paymentMethodId":"$CARD_ID"}""";

    public const string Done = """{"success":true}""";
}
