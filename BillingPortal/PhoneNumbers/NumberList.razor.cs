using BillingPortal.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace BillingPortal.PhoneNumbers;

/// <summary>The owned numbers. Decides nothing: every action goes to the page.</summary>
public sealed partial class NumberList : ComponentBase
{
    private Guid? _editing;
    private string? _label;

    [Parameter, EditorRequired]
    public NumbersView View { get; set; } = default!;

    /// <summary>The number that a link of another page means.</summary>
    [Parameter]
    public Guid? Chosen { get; set; }

    [Parameter]
    public bool CanPay { get; set; }

    [Parameter]
    public bool IsBusy { get; set; }

    [Parameter]
    public EventCallback<NumberRow> OnResume { get; set; }

    [Parameter]
    public EventCallback<NumberRow> OnRelease { get; set; }

    [Parameter]
    public EventCallback<(NumberRow Row, string? Label)> OnLabel { get; set; }

    private string Summary
    {
        get
        {
            var count = View.ActiveCount + View.SuspendedCount;
            var numbers = count == 1 ? "1 number" : $"{count} numbers";
            return View.SuspendedCount == 0
                ? $"{numbers} · {AmountFormat.Text(View.MonthlySum)} a month"
                : $"{numbers}, {View.SuspendedCount} suspended · {AmountFormat.Text(View.MonthlySum)} a month";
        }
    }

    private static string NameOf(PhoneNumber number) => number.GraceUntil is not null ? "Rent due" : number.State switch
    {
        PhoneNumberState.Buying => "Being bought",
        PhoneNumberState.Active => "Active",
        PhoneNumberState.Suspended => "Suspended",
        PhoneNumberState.Releasing => "Being released",
        PhoneNumberState.Released => "Released",
        PhoneNumberState.NotBought => "Not bought",
    };

    private static StatusTone ToneOf(PhoneNumber number) => number.GraceUntil is not null ? StatusTone.Warning : number.State switch
    {
        PhoneNumberState.Active => StatusTone.Good,
        PhoneNumberState.Suspended => StatusTone.Bad,
        PhoneNumberState.Buying or PhoneNumberState.Releasing => StatusTone.Info,
        PhoneNumberState.Released => StatusTone.Neutral,
        PhoneNumberState.NotBought => StatusTone.Warning,
    };

    private static string Next(NumberRow row) => row.Number switch
    {
        { GraceUntil: { } until, NextBillingDate: { } due } =>
            $"Rent due since {NumberTexts.Day(due)}; stays in service until {NumberTexts.Moment(until)}",
        { State: PhoneNumberState.Active, NextBillingDate: { } next } => $"Renews {NumberTexts.Day(next)}",
        { State: PhoneNumberState.Suspended, SuspendedAt: { } since, NextRetryAt: { } retry } =>
            $"Since {NumberTexts.Day(since)}; next try {NumberTexts.Day(retry)}",
        { State: PhoneNumberState.Buying } => "Waiting for the phone network; the set-up fee is reserved",
        { State: PhoneNumberState.Releasing } => "Out of service; waiting for the phone network",
        { Trouble: { } trouble } => trouble,
        _ => "",
    };

    private void Edit(PhoneNumber number) => (_editing, _label) = (number.Id, number.Label);

    private async Task SaveAsync(NumberRow row)
    {
        _editing = null;
        await OnLabel.InvokeAsync((row, _label));
    }
}
