using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Endpoints;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Radzen;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>
/// One endpoint and what was delivered to it. Every member sees it; owners change it; billing admins send tests and send again.
/// It follows what happens by itself.
/// </summary>
public sealed partial class EndpointPage(
    EndpointReader reader, EndpointService service, ReplayService replays, CurrentTenant current, BalanceFeed feed,
    TimeProvider clock, IOptions<TenantWebhookOptions> options, DialogService dialogs, NotificationService toasts,
    NavigationManager navigation, ILogger<EndpointPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private IDisposable? _subscription;
    private EndpointBoard? _board;
    private DeliveryDetails? _details;
    private EndpointDraft? _draft;
    private (Guid, string?, string?) _shown;
    private string? _secret;
    private string? _secretNote;
    private string? _refusal;
    private string? _failure;
    private bool _isMissing;
    private bool _isBusy;
    private int _sinceHours = 24;

    [Parameter]
    public Guid Id { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? State { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private DeliveryState? Chosen => Enum.GetValues<DeliveryState>().Where(state => TextCodes.Of(state) == State)
        .Select(state => (DeliveryState?)state).FirstOrDefault();

    private bool IsEnabled => _board?.Endpoint.State is EndpointState.Enabled;

    protected override void OnInitialized() =>
        _subscription = feed.Subscribe(current.Id, () => InvokeAsync(RefreshAsync));

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (Id, State, Cursor))
        {
            _shown = (Id, State, Cursor);
            _details = null;
            await LoadAsync();
        }
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private string AddressOf(DeliveryState? state, WebhookCursor? cursor = null) => navigation.GetUriWithQueryParameters(
        $"/webhooks/{Id}",
        new Dictionary<string, object?> { ["state"] = state is { } one ? TextCodes.Of(one) : null, ["cursor"] = cursor?.ToString() });

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync()
    {
        _board = await reader.BoardAsync(current.Id, Id, Chosen, WebhookCursor.Parse(Cursor), _closing.Token);
        _isMissing = _board is null;
        if (_details is not null)
        {
            _details = await reader.DetailsAsync(current.Id, Id, _details.Row.Delivery.Id, _closing.Token);
        }
    }

    // Rung by deliveries; what a person is doing right now is not disturbed.
    private async Task RefreshAsync()
    {
        if (!_isBusy)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private void Edit() => _draft = new EndpointDraft(_board!.Endpoint);

    private Task SaveAsync() => GuardAsync(SaveDraftAsync);

    private async Task SaveDraftAsync()
    {
        var result = await service.UpdateAsync(current.Id, current.Actor, Id, _draft!.Wish, _closing.Token);
        if (!_draft.Takes(result, options.Value.EndpointsMax))
        {
            _draft = null;
            toasts.Toast("The endpoint is changed");
            await ReadAsync();
        }
    }

    private Task RotateAsync() => GuardAsync(RotateSecretAsync);

    private async Task RotateSecretAsync()
    {
        var keepsOld = await dialogs.OpenAsync<RotateDialog>("New signing secret") as bool?;
        if (keepsOld is not { } keeps)
        {
            return;
        }

        var result = await service.RotateAsync(current.Id, current.Actor, Id, keeps, _closing.Token);
        if (Took(result))
        {
            _secret = result.Secret;
            _secretNote = keeps ? "For 24 hours messages carry two signatures: the new secret's and the old one's."
                : "The old secret has ended: messages carry the new one's signature only.";
        }

        await ReadAsync();
    }

    private Task SwitchAsync() => GuardAsync(SwitchStateAsync);

    private async Task SwitchStateAsync()
    {
        if (IsEnabled && !await dialogs.AskAsync(EndpointQuestions.Disable(_board!.Endpoint)))
        {
            return;
        }

        var wasEnabled = IsEnabled;
        var result = wasEnabled
            ? await service.DisableAsync(current.Id, current.Actor, Id, _closing.Token)
            : await service.EnableAsync(current.Id, current.Actor, Id, _closing.Token);
        if (Took(result))
        {
            toasts.Toast(wasEnabled ? "The endpoint is disabled" : "The endpoint is enabled");
        }

        await ReadAsync();
    }

    private Task RemoveAsync() => GuardAsync(RemoveEndpointAsync);

    private async Task RemoveEndpointAsync()
    {
        if (await dialogs.AskAsync(EndpointQuestions.Remove(_board!.Endpoint))
            && Took(await service.RemoveAsync(current.Id, current.Actor, Id, _closing.Token)))
        {
            navigation.NavigateTo("/webhooks");
        }
    }

    private Task SendTestAsync() => SendAsync(
        () => replays.SendTestAsync(current.Id, current.Actor, Id, _closing.Token), _ => "A test is on its way");

    private Task ReplayAsync(DeliveryRow row) => SendAsync(
        () => replays.ReplayAsync(current.Id, current.Actor, Id, row.Delivery.Id, _closing.Token),
        _ => $"{row.Type} is sent again");

    private Task ReplayFailedAsync() => SendAsync(
        () => replays.ReplayFailedAsync(current.Id, current.Actor, Id, clock.GetUtcNow().AddHours(-_sinceHours), _closing.Token),
        count => count switch
        {
            0 => "In that time none failed",
            1 => "1 delivery is sent again",
            _ => $"{count} deliveries are sent again",
        });

    private Task OpenAsync(DeliveryRow row) => GuardAsync(async () => _details = _details?.Row.Delivery.Id == row.Delivery.Id
        ? null
        : await reader.DetailsAsync(current.Id, Id, row.Delivery.Id, _closing.Token));

    private Task SendAsync(Func<Task<EndpointResult>> send, Func<int, string> done) => GuardAsync(async () =>
    {
        var result = await send();
        if (Took(result))
        {
            toasts.Toast(done(result.Count));
        }

        await ReadAsync();
    });

    private bool Took(EndpointResult result)
    {
        _refusal = EndpointTexts.RefusalOf(result, options.Value.EndpointsMax);
        return _refusal is null;
    }

    private async Task GuardAsync(Func<Task> action)
    {
        if (_isBusy)
        {
            return;
        }

        (_isBusy, _failure) = (true, null);
        try
        {
            await action();
        }
        catch (Exception exception) when (_closing.IsCancellationRequested)
        {
            LogLeft(logger, exception.GetType().Name);
        }
        catch (Exception exception)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogFailed(logger, _failure, exception);
        }

        _isBusy = false;
    }

    [LoggerMessage(LogLevel.Error, "The page of a webhook endpoint failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page of a webhook endpoint was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
