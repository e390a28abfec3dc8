using System.Net;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>A portal that looks at every request, not every minute, whether the session still holds.</summary>
public sealed class WatchfulPortal : PortalHost
{
    protected override void Configure(IServiceCollection services) =>
        services.PostConfigure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.Zero);
}

/// <summary>What a session may do follows the database, and ends with its person's rights.</summary>
public sealed class SessionTests(WatchfulPortal portal) : IClassFixture<WatchfulPortal>
{
    [Fact]
    public async Task Removing_a_member_ends_what_the_session_may_see()
    {
        var tenant = await portal.TenantAsync(name: "Acme Voice");
        var email = await portal.PersonAsync(tenant, MemberRole.Owner);
        var browser = await portal.SignedInAsync(email);
        Assert.Contains("Acme Voice", await browser.GetStringAsync("/account"), StringComparison.Ordinal);

        var database = portal.Services.GetRequiredService<Database>();
        await using var unit = await database.BeginOpsAsync();
        await unit.Db.Set<Member>().Where(member => member.TenantId == tenant.Id).ExecuteDeleteAsync();
        await unit.CommitAsync();

        Assert.DoesNotContain("Acme Voice", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_signs_out_everywhere_else()
    {
        var email = await portal.PersonAsync(await portal.TenantAsync(), MemberRole.Owner);
        var here = await portal.SignedInAsync(email);
        var elsewhere = await portal.SignedInAsync(email);
        var answer = await PortalHost.PostFormAsync(here, "/account/security", "password", new()
        {
            ["Password.Current"] = PortalHost.Password,
            ["Password.New"] = "four words are enough",
            ["Password.Again"] = "four words are enough",
        });

        Assert.Contains("Your password is changed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/account")).StatusCode);
        await portal.SignedInAsync(email, "four words are enough");
    }

    [Fact]
    public async Task A_person_of_two_tenants_switches_between_them_and_to_no_third()
    {
        var (acme, bolt, foreign) = (
            await portal.TenantAsync(name: "Acme Voice"), await portal.TenantAsync(name: "Bolt Logistics"),
            await portal.TenantAsync(name: "Third"));
        var email = await portal.PersonAsync(acme, MemberRole.Owner);
        await portal.TenantService.AddMemberAsync(bolt.Id, new NewPerson(email, "", ""), MemberRole.Viewer);
        var browser = await portal.SignedInAsync(email);
        Assert.Contains("Owner, Acme Voice", await browser.GetStringAsync("/account"), StringComparison.Ordinal);

        await ChooseAsync(browser, foreign.Id);
        Assert.Contains("Owner, Acme Voice", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
        await ChooseAsync(browser, bolt.Id);
        Assert.Contains("Viewer, Bolt Logistics", await browser.GetStringAsync("/account"), StringComparison.Ordinal);
        var next = await portal.SignedInAsync(email);
        Assert.Contains("Viewer, Bolt Logistics", await next.GetStringAsync("/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_needs_the_form_and_ends_the_session()
    {
        var browser = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Viewer);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/sign-out", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).StatusCode);

        var answer = await PortalHost.PostFormAsync(browser, "/account", "", [], action: "/sign-out");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/account")).StatusCode);
    }

    [Fact]
    public async Task Staff_have_their_own_page_and_no_tenants_page()
    {
        var email = $"{Ids.New():N}@portal.example";
        await portal.TenantService.AddStaffAsync(new NewPerson(email, "Agent", PortalHost.Password), StaffRole.Agent);
        var staff = await portal.SignedInAsync(email);
        var member = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner);

        Assert.Equal(HttpStatusCode.OK, (await staff.GetAsync("/staff")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync("/staff")).StatusCode);
        var refused = await member.GetAsync("/staff");
        Assert.Contains("Not for your role", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ChooseAsync(HttpClient browser, Guid tenantId) => PortalHost.PostFormAsync(
        browser, "/account/tenant", "tenant", new() { ["TenantId"] = tenantId.ToString() });
}
