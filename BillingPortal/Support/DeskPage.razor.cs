using System.Diagnostics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Support.Worklist;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Support;

/// <summary>Where the platform's own people begin: the search over all tenants, what waits for
/// the staff, and what waits for a second person.</summary>
public sealed partial class DeskPage(
    TenantSearch search, StaffActionReader actions, NavigationManager navigation, ILogger<DeskPage> logger) : ComponentBase
{
    private IReadOnlyList<TenantRow>? _rows;
    private TenantCursor? _next;
    private string? _typed;
    private string? _failure;
    private string? _loaded;
    private int _waiting;
    private bool _isBusy;

    [SupplyParameterFromQuery]
    private string? Q { get; set; }

    /// <summary>The kind of work that the list shows alone.</summary>
    [SupplyParameterFromQuery]
    private string? Work { get; set; }

    private WorkKind? Kind => Enum.GetValues<WorkKind>().Cast<WorkKind?>().FirstOrDefault(kind => TextCodes.Of(kind!.Value) == Work);

    protected override async Task OnParametersSetAsync()
    {
        Q = string.IsNullOrWhiteSpace(Q) ? null : Q.Trim();
        if (_rows is null || _loaded != Q)
        {
            (_rows, _typed) = (null, Q);
            await LoadAsync();
        }
    }

    private void Search() => navigation.NavigateTo(
        string.IsNullOrWhiteSpace(_typed) ? "/staff" : $"/staff?q={Uri.EscapeDataString(_typed.Trim())}");

    private Task LoadAsync() => GuardAsync(async () =>
    {
        _loaded = Q;
        var page = await search.FindAsync(Q);
        (_rows, _next) = (page.Rows, page.Next);
        _waiting = await actions.CountWaitingAsync();
    });

    private Task MoreAsync() => GuardAsync(async () =>
    {
        var page = await search.FindAsync(Q, _next);
        (_rows, _next) = ([.. _rows!.Concat(page.Rows).DistinctBy(row => row.Id)], page.Next);
    });

    private async Task GuardAsync(Func<Task> read)
    {
        (_isBusy, _failure) = (true, null);
        try
        {
            await read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }

        _isBusy = false;
    }

    [LoggerMessage(LogLevel.Error, "The support desk could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
