using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace BillingPortal.Tenants.Team;

/// <summary>
/// Where the link of an invitation's mail leads. A plain form: a circuit cannot set the session's cookie. The address is a secret, so
/// no other site is told of it and nothing is kept.
/// </summary>
public sealed partial class InvitationPage(
    AcceptService service, InvitationAttempts attempts, UserManager<User> users, SignInManager<User> signIn, SessionFactory sessions,
    NavigationManager navigation) : ComponentBase
{
    private InvitationSeen _seen = InvitationSeen.Unknown;
    private User? _current;
    private (string Title, string Text)? _over;
    private string? _problem;

    [Parameter]
    public string? Token { get; set; }

    [SupplyParameterFromForm(FormName = "join")]
    private InvitationForm Form { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private bool IsForCurrent => _current is not null && TeamTexts.Normalize(_current.Email) == TeamTexts.Normalize(_seen.Email);

    private string SignInAddress => $"{SessionCookie.SignInPath}?returnUrl={Uri.EscapeDataString($"/invitation/{Token}")}";

    protected override async Task OnInitializedAsync()
    {
        Form ??= new InvitationForm();
        var headers = HttpContext.Response.Headers;
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        if (!await attempts.TryTakeAsync(
            HttpContext.Connection.RemoteIpAddress, HttpMethods.IsPost(HttpContext.Request.Method),
            HttpContext.RequestAborted))
        {
            HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            _over = ("One moment", "Too many attempts from here. Wait a minute, then open the link again.");
            return;
        }

        _current = await users.GetUserAsync(HttpContext.User);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _seen = await service.ReadAsync(Token, HttpContext.RequestAborted);
        _over = OverOf(_seen);
    }

    private async Task JoinAsync()
    {
        if (_over is not null)
        {
            return;
        }

        var accepted = await service.AcceptAsNewAsync(Token, Form.Name, Form.Password, HttpContext.RequestAborted);
        if (accepted is { Outcome: AcceptOutcome.Done, User: { } user })
        {
            await signIn.SignInAsync(user, isPersistent: false);
            navigation.NavigateTo("/");
            return;
        }

        await ShowAsync(accepted);
    }

    private async Task AcceptAsync()
    {
        if (_over is not null || _current is null)
        {
            return;
        }

        var accepted = await service.AcceptAsync(Token, _current, HttpContext.RequestAborted);
        if (accepted.Outcome is AcceptOutcome.Done)
        {
            await sessions.RenewAsync(HttpContext, _current, accepted.TenantId);
            navigation.NavigateTo("/");
            return;
        }

        await ShowAsync(accepted);
    }

    private async Task ShowAsync(Accepted accepted)
    {
        _problem = accepted.Outcome switch
        {
            AcceptOutcome.NameWrong => "Enter your name, at most 100 characters.",
            AcceptOutcome.PasswordWrong => accepted.Problem,
            AcceptOutcome.HasSignIn => "That did not work. If you have signed in here before with this address, use Sign in below.",
            AcceptOutcome.ForeignAddress => "This invitation is for another address than the one you are signed in with.",
            AcceptOutcome.IsStaff =>
                "This sign-in belongs to the portal's staff, who belong to no account. Ask for an invitation to another address.",
            AcceptOutcome.LinkOver or AcceptOutcome.Done => null,
        };
        await ReadAsync();
    }

    private static (string Title, string Text)? OverOf(InvitationSeen seen) => seen.State switch
    {
        LinkState.Open => null,
        LinkState.Expired => ("This invitation has expired",
            $"A link works for {Invitation.Lifetime.Days} days. Ask {seen.InvitedBy} of {seen.TenantName} to send it again."),
        LinkState.Used => ("This invitation was used",
            $"Somebody has joined {seen.TenantName} by this link, which works once. If it was you, sign in."),
        LinkState.Withdrawn => ("This invitation was withdrawn",
            "An owner of the account has taken it back. If you think that this is a mistake, ask them."),
        LinkState.Replaced => ("There is a newer mail",
            "The invitation was sent again, and only the link of the newest mail works. Look for it in your mailbox."),
        LinkState.Unknown => ("This link leads nowhere",
            "It is not one of ours, or it was cut off on its way. Open it from the mail again, the whole of it."),
    };
}
