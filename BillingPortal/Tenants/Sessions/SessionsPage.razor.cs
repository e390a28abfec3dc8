using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Sessions;

/// <summary>Where a person is signed in, and how to end that. Only the own sessions, whatever the form sends.</summary>
public sealed partial class SessionsPage(UserManager<User> users, SessionService sessions, SessionReader reader) : ComponentBase
{
    private IReadOnlyList<UserSession> _sessions = [];
    private Guid _userId;
    private Guid _currentId;
    private string? _done;

    [SupplyParameterFromForm(FormName = "end")]
    private Guid? SessionId { get; set; }

    [SupplyParameterFromForm(FormName = "mails")]
    private MailsForm Mails { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        var isSent = Mails is not null;
        Mails ??= new MailsForm();
        var user = (await users.GetUserAsync(HttpContext.User))!;
        Mails.AreWanted = isSent ? Mails.AreWanted : !user.MutesNewDevices;
        _userId = user.Id;
        _currentId = SessionClaims.GuidOf(HttpContext.User, SessionClaims.SessionId) ?? Guid.Empty;
        await ReadAsync();
    }

    private async Task EndAsync()
    {
        var isEnded = SessionId is { } id && id != _currentId && await sessions.EndAsync(_userId, id);
        await ShowAsync(isEnded ? "The browser is signed out." : "That browser was signed out already.");
    }

    private async Task EndOthersAsync()
    {
        var ended = await sessions.EndOthersAsync(_userId, _currentId);
        await ShowAsync(ended switch
        {
            0 => "You are signed in nowhere else.",
            1 => "One other browser is signed out.",
            _ => $"{ended} other browsers are signed out.",
        });
    }

    private async Task SaveMailsAsync()
    {
        await sessions.MuteAsync(_userId, !Mails.AreWanted);
        await ShowAsync(Mails.AreWanted ? "You get a mail when a new browser signs in." : "You get no mail about new browsers.");
    }

    private async Task ShowAsync(string done)
    {
        _done = done;
        await ReadAsync();
    }

    // This browser first, the others by when they were seen.
    private async Task ReadAsync() =>
        _sessions = [.. (await reader.OpenAsync(_userId)).OrderByDescending(session => session.Id == _currentId)];

    /// <summary>What the form about mails sends.</summary>
    public sealed class MailsForm
    {
        public bool AreWanted { get; set; }
    }
}
