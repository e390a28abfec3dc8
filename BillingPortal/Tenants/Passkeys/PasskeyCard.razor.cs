using BillingPortal.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tenants.Passkeys;

/// <summary>A person's passkeys: add, rename, remove. Only the own ones, whatever the form sends.</summary>
public sealed partial class PasskeyCard(PasskeyService service, IOptions<AppOptions> app) : ComponentBase
{
    private const string NameRule = "Give the passkey a name of at most 60 characters.";

    private IReadOnlyList<Passkey> _passkeys = [];
    private string? _done;
    private string? _problem;

    [Parameter, EditorRequired]
    public User Person { get; set; } = default!;

    [CascadingParameter]
    private HttpContext HttpContext { get; set; } = default!;

    private Uri? Address => PasskeySetup.AddressOf(app.Value.PublicUrl);

    protected override async Task OnInitializedAsync() => _passkeys = await service.ListAsync(Person.Id);

    private async Task AddAsync()
    {
        var form = HttpContext.Request.Form;
        var outcome = await service.AddAsync(Person, form["Credential"].ToString(), form["Name"]);
        await ShowAsync(outcome, $"The passkey {form["Name"].ToString().Trim()} is added. You can sign in with it from now on.");
    }

    private async Task ChangeAsync(Passkey passkey)
    {
        var form = HttpContext.Request.Form;
        if (form["Do"] == "remove")
        {
            await ShowAsync(
                await service.RemoveAsync(Person, passkey.Id),
                $"The passkey {passkey.Name} is removed. Your device may still offer it: delete it there too.");
        }
        else
        {
            await ShowAsync(await service.RenameAsync(Person, passkey.Id, form["Name"]), "The name is saved.");
        }
    }

    private async Task ShowAsync(PasskeyOutcome outcome, string done)
    {
        (_done, _problem) = outcome switch
        {
            PasskeyOutcome.Done => (done, null),
            PasskeyOutcome.NameWrong => (null, NameRule),
            PasskeyOutcome.TooMany => (null, $"You have {PasskeyService.PerPersonMax} passkeys. Remove one that you no longer use."),
            PasskeyOutcome.NotThere => ((string?)null, "That passkey is gone already."),
            PasskeyOutcome.NotProven or PasskeyOutcome.LockedOut =>
                (null, "The device's answer could not be checked, perhaps because it came too late. Try again."),
        };
        _passkeys = await service.ListAsync(Person.Id);
    }
}
