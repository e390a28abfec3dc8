using BillingPortal.Components.Shared;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>The page's part with the opt-out list. Follows it by itself.</summary>
public sealed partial class SmsOptOuts(
    SmsOptOutReader reader, SmsOptOutService optOuts, SmsSenders senderReader, BalanceFeed feed, CurrentTenant tenant)
    : ComponentBase, IDisposable
{
    private const int Step = 50;
    private readonly CancellationTokenSource _closing = new();
    private IDisposable? _subscription;
    private IReadOnlyList<SmsSender> _senders = [];
    private IReadOnlyList<SmsOptOut>? _rows;
    private bool _hasMore;
    private int _most = Step;
    private string _search = "";
    private string _peer = "";
    private string? _number;
    private string? _said;
    private StatusTone _tone;
    private bool _isBusy;

    protected override async Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));
        _senders = [.. (await senderReader.ListAsync(tenant.Id, _closing.Token)).Where(sender => sender.IsActive)];
        _number = _senders.Count > 0 ? _senders[0].Number : null;
        await ReadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task RefreshAsync()
    {
        try
        {
            await ReadAsync();
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // this circuit's trouble, not the publisher's
        }
    }

    private async Task ReadAsync()
    {
        var asked = (_search, _most);
        var (rows, hasMore) = await reader.FindAsync(tenant.Id, asked._search, asked._most, _closing.Token);
        if (asked == (_search, _most))
        {
            (_rows, _hasMore) = (rows, hasMore);
        }
    }

    private Task SearchAsync(ChangeEventArgs change)
    {
        (_search, _most) = (change.Value as string ?? "", Step);
        return ReadAsync();
    }

    private Task MoreAsync()
    {
        _most += Step;
        return ReadAsync();
    }

    private Task AddAsync() => DoAsync(async () =>
    {
        var refusal = await optOuts.AddAsync(tenant.Id, _number ?? "", _peer);
        (_said, _tone) = refusal is null
            ? ($"{E164.Normalize(_peer)} gets no more messages from {_number}.", StatusTone.Good)
            : (refusal.Detail, StatusTone.Bad);
        _peer = refusal is null ? "" : _peer;
    });

    private Task RemoveAsync(SmsOptOut row) => DoAsync(async () =>
    {
        var removed = await optOuts.RemoveAsync(tenant.Id, row.Number, row.Peer);
        (_said, _tone) = removed
            ? ($"{row.Peer} can be written to again.", StatusTone.Good)
            : ("This person has asked for it meanwhile. Only they can take it back, by writing START.", StatusTone.Warning);
    });

    private async Task DoAsync(Func<Task> change)
    {
        if (_isBusy || !tenant.CanPay)
        {
            return;
        }

        _isBusy = true;
        try
        {
            await change();
            await ReadAsync();
        }
        finally
        {
            _isBusy = false;
        }
    }

    private static string How(OptOutSource source) => source switch
    {
        OptOutSource.Keyword => "They wrote STOP",
        OptOutSource.Provider => "The provider knew (21610)",
        OptOutSource.Manual => "Entered by your team",
    };
}
