using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>
/// The page's part that sends. The attempt key is made before the first click counts and belongs to what is written: a
/// second click, or one more after a lost answer, is the same message; a changed text is another one.
/// </summary>
public sealed partial class SmsCompose(
    SmsService sms, SmsComposeReader reader, SmsReader messages, BalanceFeed feed, CurrentTenant tenant)
    : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private IDisposable? _subscription;
    private SmsTerms? _terms;
    private SmsCheck? _check;
    private SmsRefusal? _refusal;
    private SmsMessage? _sent;
    private string? _from;
    private string _to = "";
    private string _text = "";
    private string? _attemptKey;
    private bool _isBusy;

    private string PriceText => _terms?.Price is { } price ? AmountFormat.Text(price) : "";

    private bool CanSend => _terms is { IsCovered: true } && _check is { IsAllowed: true }
        && !string.IsNullOrWhiteSpace(_text) && _text.Length <= SmsSegments.CharactersMax;

    private string CheckText => _check switch
    {
        null when _to.Trim().Length == 0 => "In international form: a plus sign, the country code, the number.",
        null => "Not a whole number yet. In international form it begins with + and the country code.",
        { OptOut: { Source: OptOutSource.Manual } } =>
            "Your team has entered this person in the opt-out list for this number. Nothing is sent to them.",
        { OptOut: not null } =>
            "This person asked for no more messages from this number. They can write START to it to get messages again.",
        { IsCountryAllowed: false } check => check.Country == CountryPrefixes.Unknown
            ? "This number belongs to no country that messages can be sent to."
            : $"{SmsText.Country(check.Country)} is not in your list of countries. It can be added under Settings.",
        var check => SmsText.Country(check.Country),
    };

    private string RefusalTitle => _refusal?.Kind switch
    {
        SmsRefusalKind.Insufficient => "Not enough to send",
        SmsRefusalKind.TooMany => "Too many messages at a time",
        SmsRefusalKind.RefusedByProvider => "The provider did not take it. Nothing was charged",
        SmsRefusalKind.Unavailable => "The provider cannot be reached. Nothing was charged",
        _ => "It was not sent, and nothing was charged",
    };

    protected override async Task OnInitializedAsync()
    {
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));
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
            await CheckAsync();
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
        _terms = await reader.ReadAsync(tenant.Id, tenant.Plan, _closing.Token);
        if (_terms.Senders.All(sender => sender.Number != _from))
        {
            _from = _terms.Senders.Count > 0 ? _terms.Senders[0].Number : null;
        }

        if (_sent is { } shown)
        {
            _sent = await messages.FindAsync(tenant.Id, shown.Id, _closing.Token) ?? shown;
        }
    }

    private Task ChooseSenderAsync(ChangeEventArgs change)
    {
        _from = change.Value as string;
        Change();
        return CheckAsync();
    }

    private Task TypeNumberAsync(ChangeEventArgs change)
    {
        _to = change.Value as string ?? "";
        Change();
        return CheckAsync();
    }

    private void Type(string text)
    {
        _text = text;
        Change();
    }

    // Something else was written: another message, under another key.
    private void Change() => (_attemptKey, _refusal) = (null, null);

    private async Task CheckAsync()
    {
        var asked = (_from, _to);
        var check = await reader.CheckAsync(tenant.Id, asked._from, asked._to, _closing.Token);
        if (asked == (_from, _to))
        {
            _check = check;
        }
    }

    private async Task SendAsync()
    {
        if (_isBusy || !CanSend || !tenant.CanPay)
        {
            return;
        }

        (_isBusy, _refusal) = (true, null);
        _attemptKey ??= Ids.New().ToString();
        try
        {
            // Not with the page's token: who leaves now has sent it all the same.
            var answer = await sms.SendAsync(tenant.Id, tenant.Plan, new SendSms(_to, _text, _from), _attemptKey);
            if (answer is { Message: { } message } && (answer.IsSent || message.State is SmsState.Unknown or SmsState.Recorded))
            {
                _sent = message;
            }
            else
            {
                _refusal = answer.Refusal;
                await CheckAsync();
            }
        }
        finally
        {
            _isBusy = false;
        }
    }

    private void StartOver() => (_sent, _text, _to, _check, _attemptKey) = (null, "", "", null, null);
}
