using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace BillingPortal.Cards;

/// <summary>The Payment Element for a new card. What is typed in it never reaches this server.</summary>
public sealed partial class CardForm(StripeBrowser browser) : ComponentBase, IAsyncDisposable
{
    private ElementReference _target;
    private DotNetObjectReference<CardForm>? _self;
    private int _handle;
    private bool _isFailed;
    private string _method = "card";
    private (int? Amount, bool Save, bool Bank) _shown;

    /// <summary>Null for saving a card without a payment.</summary>
    [Parameter]
    public int? AmountCents { get; set; }

    [Parameter]
    public bool SaveCard { get; set; }

    /// <summary>Offer a payment from a bank account beside cards and wallets.</summary>
    [Parameter]
    public bool AllowBank { get; set; }

    /// <summary>The way to pay that is chosen in the form, in Stripe's words.</summary>
    [Parameter]
    public EventCallback<string> MethodChanged { get; set; }

    public bool IsMounted => _handle != 0 && !_isFailed;

    /// <summary>True once every field is filled and valid.</summary>
    public bool IsComplete { get; private set; }

    [Parameter]
    public EventCallback<bool> IsCompleteChanged { get; set; }

    public Task<BrowserAnswer> SubmitAsync() => browser.SubmitAsync(_handle);

    public Task<BrowserAnswer> ConfirmPaymentAsync(string clientSecret, Uri returnUrl) =>
        browser.ConfirmPaymentAsync(_handle, clientSecret, returnUrl);

    public Task<BrowserAnswer> ConfirmSetupAsync(string clientSecret, Uri returnUrl) =>
        browser.ConfirmSetupAsync(_handle, clientSecret, returnUrl);

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task CardChanged(bool isComplete, string method)
    {
        IsComplete = isComplete;
        return InvokeAsync(async () =>
        {
            await IsCompleteChanged.InvokeAsync(isComplete);
            if (_method != method)
            {
                _method = method;
                await MethodChanged.InvokeAsync(method);
            }
        });
    }

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public Task CardFailed()
    {
        _isFailed = true;
        return InvokeAsync(StateHasChanged);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await MountAsync();
        }
        else if (IsMounted && AmountCents is { } amount && _shown != (AmountCents, SaveCard, AllowBank))
        {
            _shown = (AmountCents, SaveCard, AllowBank);
            await browser.UpdateAsync(_handle, amount, SaveCard, AllowBank);
        }
    }

    private async Task MountAsync()
    {
        _self ??= DotNetObjectReference.Create(this);
        _shown = (AmountCents, SaveCard, AllowBank);
        _handle = await browser.MountAsync(
            _target, _self, new CardFormSetup(
                AmountCents is null ? "setup" : "payment", AmountCents, SaveCard, AllowBank));
        _isFailed = _handle == 0;
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_handle != 0)
            {
                await browser.UnmountAsync(_handle);
            }
        }
        catch (JSException)
        {
            // The page is going away with the form.
        }
        catch (JSDisconnectedException)
        {
            // The tab is gone.
        }

        _self?.Dispose();
    }
}
