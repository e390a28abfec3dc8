namespace BillingPortal.Ledger;

/// <summary>A posting whose caller waits for the commit.</summary>
internal sealed class PendingPosting(Posting posting)
    : TaskCompletionSource<PostResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public Posting Posting { get; } = posting;
}
