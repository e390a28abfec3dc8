using Radzen;

namespace BillingPortal.Components.Shared;

/// <summary>What a charging or destructive action will do, in figures, before it does it.</summary>
/// <param name="Title">A question: "Charge Visa ••4242 $22.00?"</param>
/// <param name="Sentence">What happens on yes.</param>
/// <param name="Facts">Label and figure, in reading order.</param>
/// <param name="Yes">The button's own words: "Pay $22.00", never "OK".</param>
/// <param name="IsDestructive">Draws the button as dangerous.</param>
public sealed record ChargeQuestion(
    string Title, string Sentence, IReadOnlyList<KeyValuePair<string, string>> Facts, string Yes, bool IsDestructive = false);

/// <summary>Asks a <see cref="ChargeQuestion"/> in a dialog.</summary>
public static class ChargeQuestions
{
    /// <summary>True only when the person pressed the button that names the action; closing is no.</summary>
    public static async Task<bool> AskAsync(this DialogService dialogs, ChargeQuestion question)
    {
        var options = new DialogOptions { Width = "min(28rem, calc(100vw - 2rem))", CloseDialogOnEsc = true, AutoFocusFirstElement = true };
        var parameters = new Dictionary<string, object?> { [nameof(ChargeQuestionDialog.Question)] = question };
        return await dialogs.OpenAsync<ChargeQuestionDialog>(question.Title, parameters, options) is true;
    }
}

/// <summary>Short confirmations in the corner. Errors do not belong there: they stay on the page until read.</summary>
public static class Toasts
{
    private const double ShownMilliseconds = 5_000;

    public static void Toast(this NotificationService notifications, string text, string? detail = null) =>
        notifications.Notify(NotificationSeverity.Success, text, detail ?? "", ShownMilliseconds);
}
