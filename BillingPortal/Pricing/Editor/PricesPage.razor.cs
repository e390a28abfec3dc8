using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Layout;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Pricing.Editor;

/// <summary>
/// The price list for staff. Everybody of the staff sees it; a support lead changes it, after seeing what the change would have made
/// of last month.
/// </summary>
public sealed partial class PricesPage(
    PriceReader reader, PriceService prices, PricingOptions options, TimeProvider clock, CurrentTenant current,
    DialogService dialogs, ILogger<PricesPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private PriceBoard? _board;
    private PriceDraft? _draft;
    private PriceLine? _line;
    private PricePreview? _preview;
    private EditResult? _result;
    private Unit? _shown;
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    [SupplyParameterFromQuery(Name = "plan")]
    private string? PlanCode { get; set; }

    private Unit Plan => Units.Parse(PlanCode) ?? Unit.Credits;

    private bool CanChange => current.StaffRole is StaffRole.Lead;

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Plan)
        {
            _shown = Plan;
            (_board, _result) = (null, null);
            Close();
            await LoadAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private static bool Has(string page) => NavigationItem.HasPage(page);

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync() => _board = await reader.ReadAsync(Plan, _closing.Token);

    private Task BeginAsync(PriceLine line) => GuardAsync(async () =>
    {
        _draft = new PriceDraft { Plan = Plan, Service = line.Key.Service, From = PriceDraft.TomorrowOf(line.At) };
        await TakeLineAsync();
    });

    private void BeginOwn()
    {
        _draft = new PriceDraft { Plan = Plan, IsOwn = true, From = PriceDraft.TomorrowOf(_board!.At) };
        (_line, _result) = (null, null);
        Edited();
    }

    private Task BeginOwnAsync() => GuardAsync(() =>
    {
        BeginOwn();
        return Task.CompletedTask;
    });

    private Task BeginOwnOfAsync(OwnPriceLine own) => GuardAsync(async () =>
    {
        BeginOwn();
        _draft!.Service = own.Line.Key.Service;
        _draft.Tenant = new TenantChoice(own.Line.Key.TenantId!.Value, own.TenantName, own.TenantSlug, Plan);
        await TakeLineAsync();
    });

    // Another tenant or service was chosen in the form.
    private Task ChooseAsync() => GuardAsync(TakeLineAsync);

    private async Task TakeLineAsync()
    {
        _result = null;
        Edited();
        _line = _draft!.Key is { } key ? await reader.LineAsync(key, _closing.Token) : null;
        var general = _board!.Lines.First(line => line.Key.Service == _draft.Service);
        _draft.Take(_line?.Now ?? general.Now);
    }

    // What was counted belongs to other figures now.
    private void Edited() => (_preview, _refusal) = (null, null);

    private Task PreviewAsync() => GuardAsync(async () => await PreviewedAsync());

    private async Task<bool> PreviewedAsync()
    {
        Edited();
        if (_draft!.ToChange(out var missing) is not { } change)
        {
            _refusal = missing;
            return false;
        }

        _preview = await reader.PreviewAsync(change, _line!.Version, _closing.Token);
        if (_preview.Refusal is not { } refusal)
        {
            return true;
        }

        _preview = null;
        if (refusal.Outcome is EditOutcome.ChangedSince)
        {
            await ShowAsync(refusal);
        }
        else
        {
            _refusal = refusal.Detail;
        }

        return false;
    }

    private Task SaveAsync() => GuardAsync(async () =>
    {
        if (!CanChange || !await PreviewedAsync())
        {
            return;
        }

        StateHasChanged(); // the figures stand behind the question
        var (change, line) = (_draft!.ToChange(out _)!, _line!);
        if (!await dialogs.AskAsync(PriceQuestions.OfChange(change.Key, _draft.Tenant?.Name, _preview!)))
        {
            return;
        }

        // At the moment that was shown and agreed to, even if the question stood open for a while.
        var saved = await prices.ChangeAsync(
            current.Actor, change with { From = _preview!.Row!.ValidFrom }, line.Version, _closing.Token);
        if (saved.Outcome is EditOutcome.Refused)
        {
            _refusal = saved.Detail;
            return;
        }

        await ShowAsync(saved);
    });

    private Task RemoveAsync(PriceLine line, PriceRow row, string? tenant) => GuardAsync(async () =>
    {
        var question = PriceQuestions.OfRemoval(line, row, tenant, EditTimes.Soonest(clock.GetUtcNow(), options));
        if (CanChange && await dialogs.AskAsync(question))
        {
            await ShowAsync(await prices.RemoveAsync(current.Actor, line.Key, row.Id, line.Version, _closing.Token));
        }
    });

    private async Task ShowAsync(EditResult result)
    {
        Close();
        _result = result;
        await ReadAsync();
    }

    private void Close()
    {
        (_draft, _line) = (null, null);
        Edited();
    }

    private Task<IReadOnlyList<TenantChoice>> FindTenantsAsync(string text) => reader.FindTenantsAsync(text, _closing.Token);

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

    [LoggerMessage(LogLevel.Error, "The page Prices failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page Prices was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
