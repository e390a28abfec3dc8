using System.Net;
using System.Text.RegularExpressions;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Addresses;
using BillingPortal.Tenants.Passwords;
using BillingPortal.Tests.Alerts;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>Another email address to sign in with, shown to be the person's own by a mailed link.</summary>
public sealed partial class AddressChangeTests(MailPortal portal) : IClassFixture<MailPortal>
{
    [Fact]
    public async Task A_click_in_the_new_mailbox_changes_the_address_and_the_old_one_is_told_twice()
    {
        var (old, next) = (await PersonAsync(), $"{Ids.New():N}@tests.example");
        var browser = await portal.SignedInAsync(old);
        Assert.Contains("A link is on its way", await AskAsync(browser, next), StringComparison.Ordinal);
        var link = await LinkAsync(next);
        await portal.SignedInAsync(old); // nothing has changed yet

        var reader = portal.Browser();
        Assert.EndsWith("/sign-in/email", $"{(await reader.GetAsync(link)).Headers.Location}", StringComparison.Ordinal);
        Assert.Contains(next, await reader.GetStringAsync("/sign-in/email"), StringComparison.Ordinal);
        var done = await PortalHost.PostFormAsync(reader, "/sign-in/email", "confirm", []);

        Assert.EndsWith("/sign-in?news=email", $"{done.Headers.Location}", StringComparison.Ordinal);
        await portal.SignedInAsync(next);
        Assert.Equal(HttpStatusCode.OK, (await EnterAsync(old)).StatusCode); // the form again, with its refusal
        await UntilAsync(old, "Your email address is about to change");
        await UntilAsync(old, "Your email address was changed");
        await reader.GetAsync(link);
        Assert.Contains("no longer works", await reader.GetStringAsync("/sign-in/email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_somebody_has_is_answered_alike_and_gets_no_link()
    {
        var (mine, theirs) = (await PersonAsync(), await PersonAsync());
        var browser = await portal.SignedInAsync(mine);

        Assert.Contains("A link is on its way", await AskAsync(browser, theirs), StringComparison.Ordinal);

        var told = await UntilAsync(theirs, "You sign in with this address already");
        Assert.DoesNotContain("/sign-in/email", told.Text, StringComparison.Ordinal);
        await UntilAsync(mine, "Your email address is about to change");
        await portal.SignedInAsync(theirs);
    }

    [Fact]
    public async Task Without_the_password_nothing_is_asked_and_a_newer_link_ends_the_older()
    {
        var (mine, first, second) = (await PersonAsync(), $"{Ids.New():N}@tests.example", $"{Ids.New():N}@tests.example");
        var browser = await portal.SignedInAsync(mine);
        Assert.Contains("not your current password", await AskAsync(browser, first, "guessed"), StringComparison.Ordinal);
        await AskAsync(browser, first);
        var older = await LinkAsync(first);
        await AskAsync(browser, second);
        await LinkAsync(second);

        await using var scope = portal.Services.CreateAsyncScope();
        var service = scope.ServiceProvider.GetRequiredService<AddressService>();
        Assert.Equal(AddressOutcome.LinkEnded, await service.ConfirmAsync(older.Split('=')[1]));
        await portal.SignedInAsync(mine);
    }

    // The address was free when it was asked for, and is somebody's when the link is used.
    [Fact]
    public async Task An_address_taken_meanwhile_stays_with_whom_it_is()
    {
        var (mine, next) = (await PersonAsync(), $"{Ids.New():N}@tests.example");
        await AskAsync(await portal.SignedInAsync(mine), next);
        var code = (await LinkAsync(next)).Split('=')[1];
        await portal.TenantService.AddMemberAsync(
            (await portal.TenantAsync()).Id, new NewPerson(next, "Somebody", PortalHost.Password), MemberRole.Viewer);

        await using var scope = portal.Services.CreateAsyncScope();
        Assert.Equal(AddressOutcome.LinkEnded, await scope.ServiceProvider.GetRequiredService<AddressService>().ConfirmAsync(code));
        await portal.SignedInAsync(mine);
    }

    // Whoever asked with a stolen password must not get the address after its owner has chosen a new one.
    [Fact]
    public async Task A_new_password_ends_a_link_to_another_address()
    {
        var (mine, next) = (await PersonAsync(), $"{Ids.New():N}@tests.example");
        await AskAsync(await portal.SignedInAsync(mine), next);
        var code = (await LinkAsync(next)).Split('=')[1];
        await using var scope = portal.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var user = (await services.GetRequiredService<UserManager<User>>().FindByEmailAsync(mine))!;

        var changed = await services.GetRequiredService<PasswordService>()
            .ChangeAsync(user.Id, PortalHost.Password, "another-long-password");

        Assert.Equal(PasswordOutcome.Done, changed.Outcome);
        Assert.Equal(AddressOutcome.LinkEnded, await services.GetRequiredService<AddressService>().ConfirmAsync(code));
        await portal.SignedInAsync(mine, "another-long-password");
    }

    private async Task<string> PersonAsync() => await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);

    private static async Task<string> AskAsync(HttpClient browser, string email, string password = PortalHost.Password)
    {
        var answer = await PortalHost.PostFormAsync(
            browser, "/account", "email", new() { ["Form.Email"] = email, ["Form.Password"] = password });
        return await answer.Content.ReadAsStringAsync();
    }

    private Task<HttpResponseMessage> EnterAsync(string email) => PortalHost.PostFormAsync(
        portal.Browser(), "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = PortalHost.Password });

    private async Task<string> LinkAsync(string email)
    {
        var mail = await UntilAsync(email, "Confirm your new email address");
        return new Uri(Link().Match(mail.Text!).Groups[1].Value).PathAndQuery;
    }

    private async Task<SandboxEmail> UntilAsync(string email, string subject)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if ((await portal.Sandbox.MailboxAsync(email)).FirstOrDefault(mail => mail.Subject == subject) is { } found)
            {
                return found;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    [GeneratedRegex("Confirm the address: (\\S+)")]
    private static partial Regex Link();
}
