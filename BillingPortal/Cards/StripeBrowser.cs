using BillingPortal.Providers.Payments;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace BillingPortal.Cards;

/// <summary>
/// Stripe.js in the visitor's browser, through <c>wwwroot/js/stripe-card.js</c>. One per page. What the browser answers
/// is a hint: the outcome of a payment is read on the server.
/// </summary>
public sealed class StripeBrowser(IJSRuntime js, IOptions<StripeOptions> options) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    private string JsUrl => options.Value.JsUrl.ToString();

    /// <summary>Shows Stripe's card form in the element. 0 when Stripe.js cannot be loaded.</summary>
    public async Task<int> MountAsync<T>(ElementReference target, DotNetObjectReference<T> page, CardFormSetup setup)
        where T : class => await (await ModuleAsync()).InvokeAsync<int>("mount", target, page, new
        {
            JsUrl,
            options.Value.PublishableKey,
            setup.Mode,
            Amount = setup.AmountCents,
            Currency = "usd",
            setup.SaveCard,
            setup.AllowBank,
        });

    public async Task UpdateAsync(int handle, int amountCents, bool saveCard, bool allowBank) =>
        await (await ModuleAsync()).InvokeVoidAsync("update", handle, amountCents, saveCard, allowBank);

    public async Task UnmountAsync(int handle) => await (await ModuleAsync()).InvokeVoidAsync("unmount", handle);

    /// <summary>Checks the fields, before the server makes the intent.</summary>
    public async Task<BrowserAnswer> SubmitAsync(int handle) =>
        await (await ModuleAsync()).InvokeAsync<BrowserAnswer>("submit", handle);

    public Task<BrowserAnswer> ConfirmPaymentAsync(int handle, string clientSecret, Uri returnUrl) =>
        WaitAsync("confirmPayment", handle, clientSecret, returnUrl.ToString());

    public Task<BrowserAnswer> ConfirmSetupAsync(int handle, string clientSecret, Uri returnUrl) =>
        WaitAsync("confirmSetup", handle, clientSecret, returnUrl.ToString());

    /// <summary>3-D Secure of an intent that our server confirmed on session.</summary>
    public Task<BrowserAnswer> NextActionAsync(string clientSecret) =>
        WaitAsync("nextAction", JsUrl, options.Value.PublishableKey, clientSecret);

    /// <summary>3-D Secure of an intent whose saved card asked for the customer off session.</summary>
    public Task<BrowserAnswer> ConfirmWithCardAsync(string clientSecret, string paymentMethodId, Uri returnUrl) =>
        WaitAsync("confirmWithCard", JsUrl, options.Value.PublishableKey, clientSecret, paymentMethodId,
            returnUrl.ToString());

    /// <summary>Keeps a text for this browser tab, across reloads; null forgets it.</summary>
    public async Task RememberAsync(string key, string? value) =>
        await (await ModuleAsync()).InvokeVoidAsync("remember", key, value);

    public async Task<string?> RecallAsync(string key) =>
        await (await ModuleAsync()).InvokeAsync<string?>("recall", key);

    /// <summary>The browser's own print dialog.</summary>
    public async Task PrintAsync() => await (await ModuleAsync()).InvokeVoidAsync("print");

    public async ValueTask DisposeAsync()
    {
        if (_module is null)
        {
            return;
        }

        try
        {
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The tab is gone, and its script with it.
        }
    }

    // A person may take minutes at the bank's page: no time-out of the interop call.
    private async Task<BrowserAnswer> WaitAsync(string function, params object?[] arguments) =>
        await (await ModuleAsync()).InvokeAsync<BrowserAnswer>(function, Timeout.InfiniteTimeSpan, arguments);

    private async Task<IJSObjectReference> ModuleAsync() =>
        _module ??= await js.InvokeAsync<IJSObjectReference>("import", "/js/stripe-card.js");
}

/// <summary>How the card form is to be shown: <c>payment</c> with its amount, or <c>setup</c>.</summary>
public sealed record CardFormSetup(string Mode, int? AmountCents, bool SaveCard, bool AllowBank);

/// <summary>What Stripe.js said: the intent's status, or why not.</summary>
public sealed record BrowserAnswer(string? Status, BrowserError? Error);

/// <summary>An error of Stripe.js. The message is set only where it speaks of the fields in the form.</summary>
public sealed record BrowserError(string Code, string? Message);
