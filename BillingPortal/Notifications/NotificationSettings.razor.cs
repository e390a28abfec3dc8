using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Notifications;

/// <summary>The fields of the page. It changes the form it was given and tells so; it saves nothing.</summary>
public sealed partial class NotificationSettings : ComponentBase
{
    internal const string AddressId = "override-address";

    private const int NamesMax = 3;

    private ElementReference _address;
    private bool _wantsFocus;

    [Parameter, EditorRequired]
    public NotificationsView View { get; set; } = default!;

    [Parameter, EditorRequired]
    public NotificationForm Form { get; set; } = default!;

    [Parameter]
    public Unit Plan { get; set; }

    /// <summary>What is wrong with the fields.</summary>
    [Parameter]
    public string? Problem { get; set; }

    [Parameter]
    public bool IsDirty { get; set; }

    [Parameter]
    public bool IsBusy { get; set; }

    [Parameter]
    public bool CanPay { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnReset { get; set; }

    /// <summary>The person wants to write another address: the field is ready for it.</summary>
    public void FocusAddress()
    {
        _wantsFocus = true;
        StateHasChanged();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_wantsFocus && Form.UsesAddress)
        {
            _wantsFocus = false;
            await _address.FocusAsync();
        }
    }

    // What is typed, as long as it is one.
    private Amount ShownThreshold => Form.Threshold is > 0 and <= 1_000_000_000 and { } typed
        ? Amount.Of(typed, Plan)
        : View.Standing.Alert.Threshold;

    private string People(MemberRole role)
    {
        var emails = View.Recipients.People.Where(person => person.Role == role).Select(person => person.Email).ToList();
        return emails.Count == 0 ? "nobody at present"
            : string.Join(", ", emails.Take(NamesMax)) + (emails.Count > NamesMax ? $" and {emails.Count - NamesMax} more" : "");
    }

    private Task UseAddressAsync(bool uses)
    {
        Form.UsesAddress = uses;
        return OnChanged.InvokeAsync();
    }

    private Task SwitchAsync(string kind, bool isOn)
    {
        _ = isOn ? Form.OffKinds.Remove(kind) : Form.OffKinds.Add(kind);
        return OnChanged.InvokeAsync();
    }
}
