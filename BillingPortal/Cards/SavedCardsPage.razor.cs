using System.Diagnostics;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Providers;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Cards;

/// <summary>
/// The saved cards: add, order, default, remove. The default stands first, because it is charged first.
/// </summary>
public sealed partial class SavedCardsPage(
    CurrentTenant tenant, CardService cards, CardSetupService setups, StripeBrowser browser, BalanceFeed feed,
    IEnumerable<ICardUse> uses, DialogService dialogs, NotificationService notifications, NavigationManager navigation,
    ILogger<SavedCardsPage> logger) : ComponentBase, IAsyncDisposable
{
    private List<SavedCard>? _cards;
    private CardForm? _form;
    private CardTrouble? _trouble;
    private IDisposable? _subscription;
    private string? _failure;
    private string _said = "";
    private bool _isAdding;
    private bool _isBusy;

    /// <summary>Set by Stripe when the bank's page leads back here.</summary>
    [SupplyParameterFromQuery(Name = "setup_intent")]
    private string? ReturnedSetup { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(LoadAsync));
        if (ReturnedSetup is { } setup && tenant.CanPay)
        {
            await GuardAsync(() => FinishAsync(setup));
            navigation.NavigateTo("/cards", replace: true);
        }

        await LoadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        await browser.DisposeAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            _cards = [.. (await cards.ListAsync(tenant.Id)).OrderByDescending(card => card.IsDefault).ThenBy(
                card => card.Priority)];
            _failure = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }

        StateHasChanged();
    }

    private void BeginAsync() => (_isAdding, _trouble) = (true, null);

    private void Cancel() => (_isAdding, _trouble) = (false, null);

    private Task SaveAsync() => GuardAsync(async () =>
    {
        if (_form is not { IsMounted: true } form)
        {
            _trouble = CardTrouble.FormNotReady;
            return;
        }

        if (await form.SubmitAsync() is { Error: { } fields })
        {
            _trouble = CardTrouble.Fields(fields.Message);
            return;
        }

        if (await setups.BeginAsync(tenant.Id) is not { } setup)
        {
            _trouble = CardTrouble.TooMany;
            return;
        }

        // What the browser says is a hint; whether the card is set up is read at Stripe.
        await form.ConfirmSetupAsync(setup.ClientSecret, new Uri(new Uri(navigation.BaseUri), "cards"));
        await FinishAsync(setup.SetupIntentId);
    });

    private async Task FinishAsync(string setupIntentId)
    {
        var saved = await setups.FinishAsync(setupIntentId, tenant.Id);
        _trouble = saved.Outcome switch
        {
            SaveOutcome.Saved => null,
            SaveOutcome.Refused => CardTrouble.Refused(saved.Decline!),
            SaveOutcome.NotYet or SaveOutcome.NotOurs => CardTrouble.NotYet,
        };
        if (saved.Card is { } card)
        {
            _isAdding = false;
            Say($"{CardNames.Of(card)} is saved");
            await LoadAsync();
        }
    }

    private Task MakeDefaultAsync(SavedCard card) => GuardAsync(async () =>
    {
        await cards.SetDefaultAsync(tenant.Id, card.PaymentMethodId);
        Say($"{CardNames.Of(card)} is now the default");
        await LoadAsync();
    });

    private Task MoveAsync(int place, int by) => GuardAsync(async () =>
    {
        var order = _cards!.ConvertAll(card => card.Id);
        (order[place], order[place + by]) = (order[place + by], order[place]);
        await cards.ReorderAsync(tenant.Id, order);
        Say($"{CardNames.Of(_cards[place])} is now number {place + by + 1}");
        await LoadAsync();
    });

    private Task RemoveAsync(SavedCard card) => GuardAsync(async () =>
    {
        if (await dialogs.AskAsync(await QuestionAsync(card)))
        {
            await cards.RemoveAsync(tenant.Id, card.PaymentMethodId);
            Say($"{CardNames.Of(card)} is removed");
            await LoadAsync();
        }
    });

    private async Task<ChargeQuestion> QuestionAsync(SavedCard card)
    {
        List<string> stops = [];
        foreach (var use in uses)
        {
            if (await use.WhatStopsWithoutAsync(tenant.Id, card.Id, CancellationToken.None) is { } stop)
            {
                stops.Add(stop);
            }
        }

        var next = card.IsDefault && _cards!.Count > 1 ? $" {CardNames.Of(_cards[1])} becomes the default." : "";
        return new ChargeQuestion(
            $"Remove {CardNames.Of(card)}?",
            $"It can no longer be charged here.{next} {string.Join(' ', stops)}".TrimEnd(), [],
            stops.Count > 0 ? "Remove and switch off" : "Remove card", IsDestructive: true);
    }

    private void Say(string text)
    {
        _said = text;
        notifications.Toast(text);
    }

    private async Task GuardAsync(Func<Task> action)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _trouble) = (true, null);
        try
        {
            await action();
        }
        catch (ProviderException fault)
        {
            LogProvider(logger, fault.Code, fault);
            _trouble = CardTrouble.Unreachable;
        }
        finally
        {
            _isBusy = false;
            StateHasChanged();
        }
    }

    [LoggerMessage(LogLevel.Error, "The page Saved cards could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Stripe refused a call of the page Saved cards: {Code}")]
    private static partial void LogProvider(ILogger logger, string code, Exception exception);
}
