using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Tenants.Keys;

/// <summary>The owner's page for API keys. A key's text is in this page's memory while it is shown, and nowhere else.</summary>
public sealed partial class ApiKeysPage(
    ApiKeyReader reader, ApiKeyService service, CurrentTenant current, DialogService dialogs, NotificationService toasts,
    ILogger<ApiKeysPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private KeyBoard? _board;
    private KeyDraft? _form;
    private RotationDraft? _rotation;
    private LimitDraft? _limit;
    private NewApiKey? _made;
    private RotationDraft? _replaced;
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    protected override Task OnInitializedAsync() => LoadAsync();

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private Task LimitAsync() => GuardAsync(SaveLimitAsync);

    private async Task ReadAsync() => _board = await reader.ReadAsync(current.Id, _closing.Token);

    private void BeginNew()
    {
        Close();
        _form = new KeyDraft();
    }

    private void BeginRotation(ApiKey key)
    {
        Close();
        _rotation = new RotationDraft(key);
    }

    private void BeginLimit(ApiKey key)
    {
        Close();
        _limit = new LimitDraft(key);
    }

    private void Close() => (_form, _rotation, _limit, _refusal) = (null, null, null, null);

    private void Forget() => (_made, _replaced) = (null, null);

    private Task CreateAsync() => GuardAsync(async () =>
    {
        var draft = _form!;
        var result = await service.CreateAsync(current.Id, current.Actor, draft.Wish, _closing.Token);
        if (draft.Takes(result.Outcome))
        {
            return;
        }

        await ShowAsync(result, replaced: null);
    });

    private Task RotateAsync() => GuardAsync(async () =>
    {
        var draft = _rotation!;
        var result = await service.RotateAsync(current.Id, current.Actor, draft.Key.Id, draft.Overlap, _closing.Token);
        if (draft.Takes(result.Outcome))
        {
            return;
        }

        await ShowAsync(result, draft);
    });

    private Task RevokeAsync(ApiKey key) => GuardAsync(async () =>
    {
        Close();
        await ReadAsync(); // when it was last used, as of now
        var latest = _board!.Working.FirstOrDefault(one => one.Id == key.Id) ?? key;
        if (!await dialogs.AskAsync(KeyTexts.RevokeQuestion(latest, _board.At, current.TimeZone)))
        {
            return;
        }

        var result = await service.RevokeAsync(current.Id, current.Actor, key.Id, _closing.Token);
        if (result.Outcome is KeyOutcome.Done)
        {
            if (_made?.Id == key.Id)
            {
                Forget();
            }

            toasts.Toast($"{key.Name} is revoked", "Programs that send it are refused from now on.");
        }
        else
        {
            _refusal = KeyTexts.RefusalOf(result.Outcome);
        }

        await ReadAsync();
    });

    private async Task SaveLimitAsync()
    {
        var draft = _limit!;
        var result = await service.LimitAsync(current.Id, current.Actor, draft.Key.Id, draft.Wish, _closing.Token);
        if (!draft.Takes(result.Outcome))
        {
            Close();
            _refusal = result.Outcome is KeyOutcome.Done ? null : KeyTexts.RefusalOf(result.Outcome);
            await ReadAsync();
        }
    }

    private async Task ShowAsync(KeyResult result, RotationDraft? replaced)
    {
        Close();
        if (result.Outcome is KeyOutcome.Done)
        {
            (_made, _replaced) = (result.Key, replaced);
        }
        else
        {
            _refusal = KeyTexts.RefusalOf(result.Outcome);
        }

        await ReadAsync();
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

    [LoggerMessage(LogLevel.Error, "The page API keys failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page API keys was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
