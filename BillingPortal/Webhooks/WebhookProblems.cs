using BillingPortal.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.Webhooks;

/// <summary>The refusals that all providers' addresses share. Every one is 400: nothing is kept, and no code tells more.</summary>
internal static class WebhookProblems
{
    public static ProblemHttpResult TooLarge =>
        Problems.Invalid("body_too_large", "A webhook's body may have 256 KiB at most.");

    /// <summary>One answer, whatever is wrong with it: who forges learns nothing.</summary>
    public static ProblemHttpResult InvalidSignature => Problems.Invalid(
        "invalid_signature", "The signature is missing, not ours, too old, or does not belong to this request.");
}
