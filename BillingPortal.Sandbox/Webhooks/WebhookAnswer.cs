namespace BillingPortal.Sandbox.Webhooks;

/// <summary>What came back from one attempt; without a status nobody answered.</summary>
internal sealed record WebhookAnswer(int? Status, string Words, string ContentType = "", string Body = "")
{
    public bool IsAccepted => Status is >= 200 and < 300;
}
