using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Layout;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Pricing.Editor;

/// <summary>The credit packages for staff. Everybody of the staff sees them; a support lead changes them.</summary>
public sealed partial class PackagesPage(
    PackageService packages, CurrentTenant current, DialogService dialogs, ILogger<PackagesPage> logger) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private PackageBoard? _board;
    private PackageDraft? _draft;
    private PackagePreview? _preview;
    private EditResult? _result;
    private string? _refusal;
    private string? _failure;
    private bool _isBusy;

    private bool CanChange => current.StaffRole is StaffRole.Lead;

    protected override Task OnInitializedAsync() => LoadAsync();

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private Task LoadAsync() => GuardAsync(ReadAsync);

    private async Task ReadAsync() => _board = await packages.ReadAsync(_closing.Token);

    private void Begin(PackageChangeKind kind, PackageLine? line)
    {
        _draft = new PackageDraft { Kind = kind, Line = line, From = PriceDraft.TomorrowOf(_board!.At) };
        _result = null;
        Edited();
    }

    // What was checked belongs to other figures now.
    private void Edited() => (_preview, _refusal) = (null, null);

    private Task PreviewAsync() => GuardAsync(async () => await PreviewedAsync());

    private async Task<PackageChange?> PreviewedAsync()
    {
        Edited();
        if (_draft!.ToChange(out var missing) is not { } change)
        {
            _refusal = missing;
            return null;
        }

        _preview = await PreviewedAsync(change);
        return _preview is null ? null : change;
    }

    private async Task<PackagePreview?> PreviewedAsync(PackageChange change)
    {
        var preview = await packages.PreviewAsync(change, _board!.Version, _closing.Token);
        if (preview.Refusal is not { } refusal)
        {
            return preview;
        }

        if (_draft is null || refusal.Outcome is EditOutcome.ChangedSince)
        {
            await ShowAsync(refusal);
        }
        else
        {
            _refusal = refusal.Detail;
        }

        return null;
    }

    private Task SaveAsync() => GuardAsync(async () =>
    {
        if (CanChange && await PreviewedAsync() is { } change)
        {
            await AskAndSaveAsync(change, _preview!);
        }
    });

    private Task UndoAsync(PackageLine line) => GuardAsync(async () =>
    {
        Close();
        var change = new PackageChange { Kind = PackageChangeKind.Undo, Code = line.Code };
        if (CanChange && await PreviewedAsync(change) is { } preview)
        {
            await AskAndSaveAsync(change, preview);
        }
    });

    private async Task AskAndSaveAsync(PackageChange change, PackagePreview preview)
    {
        if (!await dialogs.AskAsync(PackageQuestions.Of(change, preview)))
        {
            return;
        }

        // At the moment that was shown and agreed to, even if the question stood open for a while.
        var agreed = change with { From = preview.Verdict!.From };
        var saved = await packages.ChangeAsync(current.Actor, agreed, _board!.Version, _closing.Token);
        if (saved.Outcome is EditOutcome.Refused && _draft is not null)
        {
            _refusal = saved.Detail;
            return;
        }

        await ShowAsync(saved);
    }

    private async Task ShowAsync(EditResult result)
    {
        Close();
        _result = result;
        await ReadAsync();
    }

    private void Close()
    {
        _draft = null;
        Edited();
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

    [LoggerMessage(LogLevel.Error, "The page Packages failed; reference {Reference}")]
    private static partial void LogFailed(ILogger logger, string reference, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The page Packages was left while it worked ({Exception})")]
    private static partial void LogLeft(ILogger logger, string exception);
}
