using System.Diagnostics;
using BillingPortal.Audit;
using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Invoices;

/// <summary>
/// A tenant's terms and invoices for staff: leads change the terms and take invoices back, every agent records transfers.
/// </summary>
public sealed partial class StaffInvoicesPage(
    CurrentTenant current, TenantReader tenants, InvoiceReader reader, InvoiceTermsService termsService,
    InvoiceService service, TimeProvider clock, ILogger<StaffInvoicesPage> logger) : ComponentBase
{
    private const int Most = 200;
    private Tenant? _tenant;
    private InvoiceTerms? _terms;
    private IReadOnlyList<Invoice>? _invoices;
    private (StatusTone Tone, string Title, string Text)? _notice;
    private Invoice? _chosen;
    private string? _failure;
    private bool _isVoiding;
    private bool _isBusy;
    private bool _isFilled;
    private bool _isApproved;
    private int? _dueDays = InvoiceTerms.DueDaysDefault;
    private decimal? _limitUsd = 500;
    private InvoiceCredit _gives = InvoiceCredit.OnPayment;
    private decimal? _amountUsd;
    private DateOnly _paidOn;
    private string _reference = "";
    private string _reason = "";

    [Parameter]
    public Guid TenantId { get; set; }

    private bool IsLead => current.StaffRole is StaffRole.Lead;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            _tenant = await tenants.FindAsync(TenantId);
            _terms = _tenant is null ? null : await termsService.FindAsync(TenantId);
            _invoices = _tenant is null ? [] : await reader.ListAsync(TenantId, Most);
            if (_terms is { } terms && !_isFilled)
            {
                _isFilled = true; // what somebody has typed since, a refusal leaves alone
                (_isApproved, _dueDays) = (terms.IsApproved, terms.DueDays);
                (_limitUsd, _gives) = (terms.LimitCents / 100m, terms.Gives);
            }

            _failure = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = Activity.Current?.TraceId.ToHexString()[..16] ?? Ids.New().ToString("N")[^16..];
            LogNotLoaded(logger, _failure, exception);
        }

        StateHasChanged();
    }

    // The page is for every agent; what changes the terms asks for the lead again.
    private Task SaveAsync() => !IsLead ? Task.CompletedTask : DoAsync(async () =>
    {
        var wish = new TermsWish(_isApproved, _dueDays ?? 0, Cents(_limitUsd), _gives);
        var fault = await termsService.SaveAsync(TenantId, wish, current.Actor);
        _isFilled = fault is not null && _isFilled;
        return fault is null
            ? (StatusTone.Good, "Saved.", "The terms hold for invoices from now on.")
            : (StatusTone.Bad, "Not saved.", fault);
    });

    private Task ActAsync() => _chosen is not { } invoice || (_isVoiding && !IsLead) ? Task.CompletedTask : DoAsync(async () =>
    {
        var (isDone, text) = _isVoiding
            ? Text(await service.VoidAsync(invoice.Id, _reason, current.Actor))
            : Text(await service.RecordTransferAsync(invoice.Id, Seen(), current.Actor), invoice);
        if (isDone)
        {
            Close();
        }

        return (isDone ? StatusTone.Good : StatusTone.Bad, isDone ? "Done." : _isVoiding ? "Not taken back." : "Not recorded.", text);
    });

    private async Task DoAsync(Func<Task<(StatusTone, string, string)>> action)
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        try
        {
            _notice = await action();
        }
        finally
        {
            _isBusy = false;
        }

        await LoadAsync();
    }

    private TransferSeen Seen() => new(Cents(_amountUsd), _reference, _paidOn);

    // What is not in whole cents, or more than any invoice or limit, is as good as nothing.
    private static int Cents(decimal? usd) =>
        usd is { } typed and > 0 and <= 10_000_000 && decimal.IsInteger(typed * 100) ? (int)(typed * 100) : 0;

    private void OpenTransfer(Invoice invoice)
    {
        (_chosen, _isVoiding, _notice) = (invoice, false, null);
        (_amountUsd, _reference) = (null, "");
        _paidOn = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
    }

    private void OpenVoid(Invoice invoice) => (_chosen, _isVoiding, _notice, _reason) = (invoice, true, null, "");

    private void Close() => _chosen = null;

    private static (bool IsDone, string Text) Text(TransferOutcome outcome, Invoice invoice) => outcome switch
    {
        TransferOutcome.Recorded => (true, $"Invoice {invoice.Text} is paid; the tenant gets its receipt."),
        TransferOutcome.AlreadyRecorded => (true, "This transfer was recorded before; nothing was done twice."),
        TransferOutcome.Unknown => (false, "There is no such invoice."),
        TransferOutcome.AlreadyPaid => (false, "The invoice was paid in the meantime. If the transfer is real, it must be sent back."),
        TransferOutcome.IsVoid => (false, "The invoice is void. If the transfer is real, it must be sent back."),
        TransferOutcome.AmountDiffers => (
            false, $"The amount must be exactly {AmountFormat.Cents(invoice.PriceCents)}. Part payments are not recorded."),
        TransferOutcome.PaidOnline => (
            false, "The tenant has paid online from a bank account and the bank has not decided yet. Wait for it."),
        TransferOutcome.Invalid => (false, "Give the reference, and a day from the invoice's to today."),
    };

    private static (bool IsDone, string Text) Text(VoidOutcome outcome) => outcome switch
    {
        VoidOutcome.Voided => (true, "The invoice is void; the tenant was written to."),
        VoidOutcome.AlreadyVoid => (true, "The invoice was void already."),
        VoidOutcome.NotUnpaid => (false, "Only an unpaid invoice can be taken back. Refund the payment instead."),
        VoidOutcome.PaidOnline => (false, "The tenant has paid online and the bank has not decided yet. Wait for it."),
        VoidOutcome.Invalid => (false, "Give a reason; the tenant reads it."),
    };

    [LoggerMessage(LogLevel.Error, "The page Invoices for staff could not be loaded; reference {Reference}")]
    private static partial void LogNotLoaded(ILogger logger, string reference, Exception exception);
}
