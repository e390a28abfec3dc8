using BillingPortal.Outbox;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Wallet;

/// <summary>
/// All entries of an account, filtered and page by page. The filter stands in the address, so that it can be kept and
/// sent.
/// </summary>
public sealed partial class TransactionsPage(
    TransactionsView.Reader views, BalanceFeed feed, CurrentTenant tenant,
    NavigationManager navigation) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Stack<string?> _trail = new();
    private TransactionsView? _view;
    private TransactionQuery? _shown;
    private IDisposable? _subscription;

    [SupplyParameterFromQuery(Name = "unit")]
    private string? Unit { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    private string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    private string? To { get; set; }

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "service")]
    private string? Service { get; set; }

    [SupplyParameterFromQuery(Name = "reference")]
    private string? Reference { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Cursor { get; set; }

    private TransactionQuery Query => new()
    {
        Unit = Unit,
        From = From,
        To = To,
        Kind = Kind,
        Service = Service,
        Reference = Reference,
        Cursor = Cursor,
    };

    private string CsvHref => TransactionAddress.Csv(Query);

    protected override void OnInitialized() =>
        _subscription = feed.Subscribe(tenant.Id, () => InvokeAsync(RefreshAsync));

    protected override async Task OnParametersSetAsync()
    {
        if (Query == _shown)
        {
            return;
        }

        _shown = Query;
        _view = null;
        await ReadAsync();
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    // New entries come before the newest page; older pages stay what they are.
    private async Task RefreshAsync()
    {
        try
        {
            if (Cursor is null && _view is not null)
            {
                await ReadAsync();
                StateHasChanged();
            }
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
        var query = Query;
        var view = await views.ReadAsync(tenant.Id, tenant.Plan, tenant.TimeZone, query, _closing.Token);
        if (query == Query)
        {
            _view = view;
        }
    }

    private void Apply(TransactionQuery query)
    {
        _trail.Clear();
        navigation.NavigateTo(HrefOf(query));
    }

    private void Older(TransactionCursor next)
    {
        _trail.Push(Cursor);
        navigation.NavigateTo(HrefOf(Query with { Cursor = next.ToString() }));
    }

    private void Newer() => navigation.NavigateTo(HrefOf(Query with { Cursor = _trail.Pop() }));

    private static string HrefOf(TransactionQuery query) => TransactionAddress.Page(query);
}
