using System.Threading.Channels;

namespace BillingPortal.Ledger;

/// <summary>
/// The queue of one writer. Whoever comes while nothing is being posted posts directly; everybody who comes meanwhile is queued
/// and goes into the next commit together. It never answers before the commit.
/// </summary>
internal sealed class LedgerLane : IAsyncDisposable
{
    private const int AnswersPerThread = 32;

    private readonly LedgerBatches _batches;
    private readonly int _batchMax;
    private readonly Channel<PendingPosting> _queue;
    private int _busy;
    private int _answering;

    public LedgerLane(LedgerBatches batches, LedgerOptions options)
    {
        _batches = batches;
        _batchMax = options.BatchMax;
        _queue = Channel.CreateBounded<PendingPosting>(new BoundedChannelOptions(options.QueueMax) { SingleReader = true });
    }

    public int QueueDepth => _queue.Reader.Count;

    /// <summary>A cancelled caller stops waiting; its posting, once queued, is posted all the same.</summary>
    public Task<PostResult> PostAsync(Posting posting, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<PostResult>(cancellationToken);
        }

        var pending = new PendingPosting(posting);
        if (!_queue.Reader.TryPeek(out _) && TryBegin())
        {
            _ = PostDirectlyAsync(pending);
        }
        else if (_queue.Writer.TryWrite(pending))
        {
            WakeUp();
        }
        else
        {
            return WaitForRoomAsync(pending, cancellationToken);
        }

        return cancellationToken.CanBeCanceled ? pending.Task.WaitAsync(cancellationToken) : pending.Task;
    }

    /// <summary>Queues without posting, so that a list shares its commits; <see cref="WakeUp"/> follows the last one.</summary>
    public async ValueTask<Task<PostResult>> EnqueueAsync(Posting posting, CancellationToken cancellationToken)
    {
        var pending = new PendingPosting(posting);
        if (!_queue.Writer.TryWrite(pending))
        {
            await WriteAsync(pending, cancellationToken);
        }

        return pending.Task;
    }

    /// <summary>Starts posting what is queued, unless somebody is at it.</summary>
    public void WakeUp()
    {
        if (TryBegin())
        {
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.DrainAsync(), this, preferLocal: false);
        }
    }

    /// <summary>Takes no more postings, and returns when the queued ones are durable and answered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.Writer.TryComplete())
        {
            return;
        }

        WakeUp();
        await _queue.Reader.Completion;
        while (!TryBegin())
        {
            await Task.Delay(5); // the last batch is on its way
        }

        while (Volatile.Read(ref _answering) > 0)
        {
            await Task.Delay(5); // its callers are being answered
        }

        await _batches.DisposeAsync();
    }

    private async Task<PostResult> WaitForRoomAsync(PendingPosting pending, CancellationToken cancellationToken)
    {
        await WriteAsync(pending, cancellationToken);
        return await pending.Task.WaitAsync(cancellationToken);
    }

    private async Task WriteAsync(PendingPosting pending, CancellationToken cancellationToken)
    {
        WakeUp();
        try
        {
            await _queue.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException("The ledger is shutting down and takes no more postings; nothing was posted.");
        }

        WakeUp();
    }

    private bool TryBegin() => Volatile.Read(ref _busy) == 0 && Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    // Whoever queued after the last look found the lane busy and did not wake it: look once more.
    private void End()
    {
        Interlocked.Exchange(ref _busy, 0);
        if (_queue.Reader.TryPeek(out _))
        {
            WakeUp();
        }
    }

    // The caller goes on after the lane is free again: its next posting is posted directly, too.
    private async Task PostDirectlyAsync(PendingPosting pending)
    {
        await _batches.PostAsync([pending]);
        Interlocked.Increment(ref _answering);
        End();
        pending.Answer();
        Interlocked.Decrement(ref _answering);
    }

    private async Task DrainAsync()
    {
        while (true)
        {
            var batch = new List<PendingPosting>();
            while (batch.Count < _batchMax && _queue.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
            }

            if (batch.Count == 0)
            {
                break;
            }

            await _batches.PostAsync(batch);
            Answer(batch);
        }

        End();
    }

    // In portions, on other threads: waking a thread for every caller would cost more than the posting, one for all would be slow.
    private void Answer(List<PendingPosting> batch)
    {
        for (var start = 0; start < batch.Count; start += AnswersPerThread)
        {
            Interlocked.Increment(ref _answering);
            ThreadPool.UnsafeQueueUserWorkItem(
                static portion => portion.Lane.Answer(portion.Batch, portion.Start), (Lane: this, Batch: batch, Start: start),
                preferLocal: false);
        }
    }

    private void Answer(List<PendingPosting> batch, int start)
    {
        for (var i = start; i < Math.Min(start + AnswersPerThread, batch.Count); i++)
        {
            batch[i].Answer();
        }

        Interlocked.Decrement(ref _answering);
    }
}
