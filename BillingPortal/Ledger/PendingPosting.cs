using System.Diagnostics;

namespace BillingPortal.Ledger;

/// <summary>A posting whose caller waits for the commit. What became of it is noted first and told when the commit stands.</summary>
internal sealed class PendingPosting(Posting posting) : TaskCompletionSource<PostResult>
{
    private PostResult? _result;
    private Exception? _fault;

    public Posting Posting { get; } = posting;

    /// <summary>The trace that asked for it; none unless traces are exported.</summary>
    public ActivityContext Cause { get; } = Activity.Current is { Recorded: true } asking ? asking.Context : default;

    public void Note(PostResult result) => _result = result;

    public void Note(Exception fault) => _fault = fault;

    /// <summary>Lets the caller go on, on this very thread: never call it while others wait for a lane.</summary>
    public void Answer()
    {
        if (_result is not null)
        {
            SetResult(_result);
        }
        else
        {
            SetException(_fault!);
        }
    }
}
