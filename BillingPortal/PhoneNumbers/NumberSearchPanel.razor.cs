using BillingPortal.Components.Shared;
using BillingPortal.Providers.Sms;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.PhoneNumbers;

/// <summary>Searches numbers for sale. Buying is the page's.</summary>
public sealed partial class NumberSearchPanel(NumberShop shop, CurrentTenant tenant) : ComponentBase
{
    private NumberOffers? _offers;
    private string _country = "US";
    private string? _areaCode;
    private string? _contains;
    private bool _isSearching;

    [Parameter, EditorRequired]
    public NumbersView View { get; set; } = default!;

    [Parameter]
    public bool IsBusy { get; set; }

    [Parameter]
    public EventCallback<NumberForSale> OnBuy { get; set; }

    private bool IsCovered => View.SetUp is { } setUp && View.Available >= setUp;

    private string Price => $"{AmountFormat.Text(View.SetUp!.Value)} once, first month included, then "
        + (View.Monthly is { } monthly ? $"{AmountFormat.Text(monthly)} a month" : "free of charge")
        + (IsCovered ? $" · {AmountFormat.Text(View.Available - View.SetUp.Value)} available afterwards" : "");

    private static string Place(NumberForSale offer) =>
        string.Join(", ", new[] { offer.Locality, offer.Region, offer.Country }.Where(part => !string.IsNullOrEmpty(part)));

    private static string Abilities(NumberForSale offer) => (offer.Capabilities.Sms, offer.Capabilities.Voice) switch
    {
        (true, true) => "SMS and voice",
        (true, false) => "SMS",
        _ => "Voice",
    };

    private async Task SearchAsync()
    {
        if (_isSearching)
        {
            return;
        }

        _isSearching = true;
        try
        {
            _offers = await shop.SearchAsync(tenant.Id, tenant.Plan, _country, _areaCode, _contains);
        }
        finally
        {
            _isSearching = false;
        }
    }
}
