using BillingPortal.Components.Shared;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.Messaging;

/// <summary>The page's part with the settings. Nothing is in force before it is saved.</summary>
public sealed partial class SmsSettingsForm(
    SmsSettingsService settings, SmsComposeReader terms, CurrentTenant tenant) : ComponentBase
{
    private SmsSettingsView? _known;
    private Amount? _price;
    private HashSet<string> _countries = [];
    private string _reply = "";
    private int? _perMinute;
    private string? _said;
    private StatusTone _tone;
    private bool _isBusy;

    private bool CanChange => tenant.CanPay && !_isBusy;

    protected override async Task OnInitializedAsync()
    {
        _price = (await terms.ReadAsync(tenant.Id, tenant.Plan)).Price;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _known = await settings.ReadAsync(tenant.Id);
        _countries = [.. _known.CountriesInForce];
        (_reply, _perMinute) = (_known.AutoReply ?? "", _known.PerMinuteMax);
    }

    private void Add(ChangeEventArgs change)
    {
        if (change.Value is string { Length: 2 } country)
        {
            _countries.Add(country);
            _said = null;
        }
    }

    private void Remove(string country)
    {
        _countries.Remove(country);
        _said = null;
    }

    private void Reset()
    {
        _countries = [.. _known!.DefaultCountries];
        _said = null;
    }

    private async Task SaveAsync()
    {
        if (!CanChange)
        {
            return;
        }

        _isBusy = true;
        try
        {
            var countries = _countries.SetEquals(_known!.DefaultCountries) ? null : _countries.ToList();
            var refusal = await settings.SaveAsync(tenant.Id, new SmsSettingsChange(countries, _reply, _perMinute));
            (_said, _tone) = refusal is null ? ("Saved.", StatusTone.Good) : (refusal.Detail, StatusTone.Bad);
            if (refusal is null)
            {
                await ReadAsync();
            }
        }
        finally
        {
            _isBusy = false;
        }
    }
}
