namespace BillingPortal.Wallet;

/// <summary>Answers of a running portal, for the description.</summary>
internal static class WalletExamples
{
    public const string Credits =
        """
        {"balance":1861,"held":0,"available":1861,"debt":0,"unit":"credits","alertLevel":"good","autoRecharge":{
         "enabled":false,"threshold":10}}
        """;

    public const string Transactions =
        """
        {"unit":"credits","transactions":[{"id":"credits-5254","kind":"hold_capture","service":"sms_outbound",
         "amount":-5,"balanceBefore":1867,"balanceAfter":1862,"reference":"SM57dcb9218e838f4c868419412332eeaa",
         "description":"SMS sent, CA, number ending in 0140","cause":{"type":"sms",
         "id":"01a1fad6-ab58-74a3-8653-be606961d402"},"occurredAt":"2026-11-20T21:22:15+00:00",
         "postedAt":"2026-11-20T21:44:14.117338+00:00"}],"totals":{"count":5255,"in":19125,"out":17264,"net":1861,
         "isComplete":true},"nextCursor":"MTpjcmVkaXRzOjUyNTQ"}
        """;

    public const string UsageTransactions =
        """
        {"unit":"credits","transactions":[{"id":"credits-5258","kind":"usage","service":"sms_outbound","amount":-5,
         "balanceBefore":1759,"balanceAfter":1754,"reference":"sms-1","description":"SMS sent, 1 message",
         "cause":{"type":"usage_event","id":null},"occurredAt":"2026-11-20T21:45:29.675057+00:00",
         "postedAt":"2026-11-20T21:45:29.675421+00:00"}],
         "totals":{"count":4355,"in":0,"out":11291,"net":-11291,"isComplete":true},"nextCursor":"MTpjcmVkaXRzOjUyNTg"}
        """;

    public const string TransactionsCsv =
        """
        id,occurred_at,posted_at,kind,service,amount,unit,balance_before,balance_after,reference,description,cause_type,cause_id
        credits-5257,2026-11-20T21:45:29.949Z,2026-11-20T21:45:29.949Z,usage,email,-2,credits,1761,1759,mail-4711,2 emails,usage,

        """;

    public const string Wallet =
        """
        {"balance":216.2765,"held":106.276,"available":110.0005,"debt":0,"currency":"usd","transactions":[
         {"id":"usd-91","kind":"refund","service":"sms_outbound","amount":0.02,"balanceBefore":216.2565,
         "balanceAfter":216.2765,"reference":"SM5db6f0020a718595b533489254fe3cee",
         "description":"SMS not delivered, DE, number ending in 0060","cause":{"type":"sms",
         "id":"01a1f93b-98f8-7305-917e-2b0cf5392c51"},"occurredAt":"2026-11-20T13:53:22+00:00",
         "postedAt":"2026-11-20T14:00:00.066986+00:00"}]}
        """;
}
