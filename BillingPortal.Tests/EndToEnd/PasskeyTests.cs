using System.Text.Json;
using BillingPortal.Outbox;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BillingPortal.Tests.EndToEnd;

/// <summary>Passkeys in Chromium with a device that the browser pretends to have.</summary>
public sealed class PasskeyTests(PortalFixture portal) : IClassFixture<PortalFixture>
{
    private const string Name = "Work laptop";

    /// <summary>The portal under its name: passkeys do not work under an IP address.</summary>
    private Uri Named => new($"http://localhost:{portal.Portal.Address.Port}");

    [Fact]
    public async Task A_passkey_is_added_signs_in_as_both_steps_and_is_removed()
    {
        var email = await portal.Portal.PersonAsync(await portal.Portal.TenantAsync(), MemberRole.Owner);
        await using var browser = await portal.StrangerAsync();
        var page = browser.Page;
        await DeviceAsync(page);
        await AddAsync(browser, email);
        await browser.AssertAccessibleAsync();
        await browser.ShootAsync("security-passkey");
        await ChangeAsync(email, (users, user) => TwoStepAsync(users, user));
        await LeaveAsync(browser);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");

        await page.GotoAsync($"{Named}account/security");
        await Assertions.Expect(page.GetByText("last used")).ToBeVisibleAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Old laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Save name of {Name}" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The name is saved")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove Old laptop" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The passkey Old laptop is removed")).ToBeVisibleAsync();

        await LeaveAsync(browser);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("That passkey is not known here")).ToBeVisibleAsync();
        await browser.AssertAccessibleAsync();
        await browser.ShootAsync("sign-in-passkey-refused");
        await portal.Service<OutboxDispatcher>().DrainAsync();
        var told = (await portal.Sandbox.MailboxAsync(email)).Select(mail => mail.Subject)
            .Where(subject => subject.StartsWith("A passkey", StringComparison.Ordinal));
        Assert.Equal(["A passkey was added", "A passkey was removed"], told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_locked_person_is_refused_and_a_cancelled_request_is_told_in_words()
    {
        var email = await portal.Portal.PersonAsync(await portal.Portal.TenantAsync(), MemberRole.Viewer);
        await using var browser = await portal.StrangerAsync();
        var page = browser.Page;
        var device = await DeviceAsync(page);
        await AddAsync(browser, email);
        await LeaveAsync(browser);
        await ChangeAsync(email, (users, user) => users.SetLockoutEndDateAsync(user, TimeProvider.System.GetUtcNow().AddMinutes(9)));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("locked for ten minutes")).ToBeVisibleAsync();

        await device.SetVerifiedAsync(false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nothing was done: the request was cancelled")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Where_passkeys_cannot_work_the_page_says_so()
    {
        var email = await portal.Portal.PersonAsync(await portal.Portal.TenantAsync(), MemberRole.Viewer);
        await using var browser = await portal.StrangerAsync();
        await DeviceAsync(browser.Page);
        await browser.Page.GotoAsync("/sign-in"); // by IP address
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByText("Passkeys do not work under an IP address")).ToBeVisibleAsync();
        await browser.AssertAccessibleAsync();
        await browser.ShootAsync("sign-in-passkey-address");
        await browser.SignInAsync(email); // the password still works
    }

    // The browser offers passkeys in the email field; a device that answers at once signs in without a click.
    [Fact]
    public async Task The_email_field_suggests_a_passkey()
    {
        var email = await portal.Portal.PersonAsync(await portal.Portal.TenantAsync(), MemberRole.Owner);
        await using var browser = await portal.StrangerAsync();
        await DeviceAsync(browser.Page, suggests: true);
        await AddAsync(browser, email);
        await browser.Page.Context.ClearCookiesAsync();

        await browser.Page.GotoAsync($"{Named}sign-in");

        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
    }

    private async Task AddAsync(PortalPage browser, string email)
    {
        var page = browser.Page;
        await page.GotoAsync($"{Named}sign-in?returnUrl=%2Faccount%2Fsecurity");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(PortalHost.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await browser.AtAsync("/account/security$");
        await page.GetByLabel("Name of the new passkey").FillAsync(Name);
        await page.GetByLabel("Your password, to add it").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("That is not your current password")).ToBeVisibleAsync();
        await page.GetByLabel("Your password, to add it").FillAsync(PortalHost.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"The passkey {Name} is added")).ToBeVisibleAsync();
    }

    private async Task LeaveAsync(PortalPage browser)
    {
        await browser.Page.Context.ClearCookiesAsync();
        await browser.Page.GotoAsync($"{Named}sign-in");
    }

    private async Task ChangeAsync(string email, Func<UserManager<User>, User, Task> change)
    {
        await using var scope = portal.Portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        await change(users, (await users.FindByEmailAsync(email))!);
    }

    private static async Task TwoStepAsync(UserManager<User> users, User user)
    {
        await users.ResetAuthenticatorKeyAsync(user);
        await users.SetTwoFactorEnabledAsync(user, true);
    }

    private static async Task<VirtualDevice> DeviceAsync(IPage page, bool suggests = false)
    {
        if (!suggests)
        {
            await page.AddInitScriptAsync(
                "if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;");
        }

        var wire = await page.Context.NewCDPSessionAsync(page);
        await wire.SendAsync("WebAuthn.enable");
        var made = await wire.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualDevice(wire, made!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private sealed class VirtualDevice(ICDPSession wire, string id)
    {
        public Task<JsonElement?> SetVerifiedAsync(bool isVerified) => wire.SendAsync(
            "WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = isVerified });
    }
}
