using System.Diagnostics;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace BillingPortal.Documents.Billing;

/// <summary>
/// The form of the billing details: keeps what is typed until it is saved or discarded, whatever the page reads anew.
/// </summary>
public sealed partial class BillingDetailsEditor(
    CurrentTenant tenant, BillingDetailsService service, NotificationService notifications,
    ILogger<BillingDetailsEditor> logger) : ComponentBase
{
    private static readonly Dictionary<string, string> NoFaults = [];
    private IReadOnlyDictionary<string, string> _faults = NoFaults;
    private BillingDetailsForm _form = new();
    private BillingDetailsForm _saved = new();
    private string? _failure;
    private bool _isBusy;

    /// <summary>As saved; null before the first time.</summary>
    [Parameter]
    public BillingDetails? Details { get; set; }

    [Parameter]
    public string? ChangedBy { get; set; }

    [Parameter]
    public EventCallback OnSaved { get; set; }

    private bool IsDirty => _form != _saved;

    protected override void OnParametersSet()
    {
        var wasDirty = IsDirty;
        _saved = BillingDetailsForm.Of(Details, tenant.Name);
        if (!wasDirty)
        {
            _form = _saved with { };
        }
    }

    private async Task SaveAsync()
    {
        if (_isBusy || !tenant.CanPay)
        {
            return;
        }

        (_isBusy, _failure) = (true, null);
        try
        {
            _faults = await service.SaveAsync(tenant.Id, _form, tenant.UserId);
            if (_faults.Count == 0)
            {
                _form = _saved = _form.Tidied();
                notifications.Toast("Billing details are saved");
                await OnSaved.InvokeAsync();
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotSaved(logger, _failure, exception);
        }
        finally
        {
            _isBusy = false;
        }
    }

    private void Discard() => (_form, _faults, _failure) = (_saved with { }, NoFaults, null);

    private string? Invalid(string field) => _faults.ContainsKey(field) ? "invalid" : null;

    private string? Fault(string field) => _faults.GetValueOrDefault(field);

    [LoggerMessage(LogLevel.Error, "Billing details could not be saved; reference {Reference}")]
    private static partial void LogNotSaved(ILogger logger, string reference, Exception exception);
}
