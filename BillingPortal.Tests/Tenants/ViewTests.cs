using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json.Nodes;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tenants.Sessions;
using BillingPortal.Tenants.Viewing;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace BillingPortal.Tests.Tenants;

/// <summary>Staff looks at a tenant's own portal: read-only, for a reason, for half an hour, and written down.</summary>
public sealed class ViewTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Staff_sees_the_tenants_pages_as_a_viewer_and_returns_to_the_desk()
    {
        var (tenant, staff, _) = await SceneAsync();
        await Looks.BeginAsync(staff, tenant.Id);

        var page = await staff.GetStringAsync("/");
        Assert.Contains("You see <strong>Acme Voice</strong> as a viewer sees it. Nothing can be changed.", page, StringComparison.Ordinal);
        Assert.Contains("""action="/staff/view/end""", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/sign-out", page, StringComparison.Ordinal);
        Assert.Equal("credits", (string?)(await staff.GetFromJsonAsync<JsonObject>("/api/credits"))!["unit"]);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/staff"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/account/security"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/api-keys"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/buy"));
        using var another = await PortalHost.PostFormAsync(
            staff, "/", "", new() { ["reason"] = "Ticket" }, $"/staff/tenants/{tenant.Id}/view");
        Assert.Equal(HttpStatusCode.Forbidden, another.StatusCode);

        var back = await Looks.EndAsync(staff);

        Assert.Equal($"/staff/tenants/{tenant.Id}", back.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(staff, "/staff"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/transactions"));
        Assert.DoesNotContain("view-banner", await staff.GetStringAsync("/staff"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_and_end_stand_in_the_audit_log_and_nobody_became_a_member()
    {
        var (tenant, staff, id) = await SceneAsync();
        await Looks.BeginAsync(staff, tenant.Id);
        await Looks.EndAsync(staff);
        await Looks.EndAsync(staff, "/staff"); // over already: back to the desk, no second line

        var lines = await LinesAsync(tenant.Id);
        Assert.Equal([TenantViews.Begun, TenantViews.Ended], lines.Select(line => line.Action));
        Assert.All(lines, line => Assert.Equal((ActorKind.Staff, id), (line.ActorKind, line.ActorId)));
        Assert.Equal("Sam Porter (support agent) looks at the tenant's portal: Ticket 4711", lines[0].Summary);
        Assert.Equal("Sam Porter (support agent) stopped looking at the tenant's portal.", lines[1].Summary);
        Assert.Empty(await portal.Services.GetRequiredService<TenantReader>().PeopleAsync(tenant.Id));
    }

    [Fact]
    public async Task Without_a_reason_a_form_or_a_tenant_nothing_begins()
    {
        var (tenant, staff, _) = await SceneAsync();

        var silent = await Looks.AskAsync(staff, tenant.Id, " no ");
        var unknown = await Looks.AskAsync(staff, Ids.New());
        using var bare = await staff.PostAsync(
            $"/staff/tenants/{tenant.Id}/view", new FormUrlEncodedContent([new("reason", "Ticket 4711")]));

        Assert.Equal($"/staff/tenants/{tenant.Id}?view=no-reason", silent.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Empty(await LinesAsync(tenant.Id));
    }

    [Fact]
    public async Task No_write_gets_through_with_any_method_or_path()
    {
        var (tenant, staff, _) = await SceneAsync();
        await Looks.BeginAsync(staff, tenant.Id);

        foreach (var (method, path) in new[]
        {
            ("POST", "/api/usage"), ("POST", "/API/Credits/auto-recharge"), ("DELETE", "/api/stripe/payment-methods?paymentMethodId=pm_1"),
            ("PUT", "/api/credits"), ("PATCH", "/anything"), ("POST", "/"), ("POST", "/sign-out"), ("POST", "/sign-in"),
            ("POST", "/api/cron/auto-recharge-check"), ("POST", "/staff/view/end/"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{}") };
            using var answer = await staff.SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden, $"{method} {path}: {(int)answer.StatusCode}");
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(staff, "/transactions"));
    }

    [Fact]
    public async Task The_database_itself_refuses_a_change_within_a_look()
    {
        var database = portal.Services.GetRequiredService<Database>();
        using (ReadOnlyWork.Begin())
        {
            await using var unit = await database.BeginOpsAsync();
            await using var command = unit.Command("UPDATE tenants SET name = name");
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal("25006", refused.SqlState);
            // The ledger writes over connections of its own.
            var writer = portal.Services.GetRequiredService<LedgerWriter>();
            await Assert.ThrowsAsync<InvalidOperationException>(() => writer.PostAsync(new Posting
            {
                TenantId = Ids.New(),
                Operation = LedgerOperation.Credit,
                Amount = Amount.Credits(1),
                Kind = EntryKind.Adjustment,
                Counter = CounterAccount.Adjustment,
                Key = Ids.New(),
                CauseType = "test",
                OccurredAt = TimeProvider.System.GetUtcNow(),
            }));
        }

        await using var after = await database.BeginOpsAsync();
        await using var allowed = after.Command("UPDATE tenants SET name = name");
        await allowed.ExecuteNonQueryAsync();
    }

    // Somebody kept a copy of the cookie.
    [Fact]
    public async Task What_was_ended_is_over_in_every_copy_of_the_cookie()
    {
        var (tenant, staff, id) = await SceneAsync();
        var view = (await portal.Services.GetRequiredService<TenantViews>().BeginAsync(id, tenant.Id, "Ticket 4711"))!;
        using var copy = WithCookie(await TicketAsync(id, view));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(copy, "/api/credits"));

        await portal.Services.GetRequiredService<TenantViews>().EndAsync(view, ViewEnd.Asked);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(copy, "/api/credits"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(copy, "/staff"));
    }

    [Fact]
    public async Task After_half_an_hour_the_session_is_the_staffs_own_again()
    {
        var (tenant, _, id) = await SceneAsync();
        var view = (await portal.Services.GetRequiredService<TenantViews>().BeginAsync(id, tenant.Id, "Ticket 4711"))!;
        Assert.InRange(view.Until - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(28), TimeSpan.FromMinutes(30));
        using var late = WithCookie(await TicketAsync(id, view with { Until = TimeProvider.System.GetUtcNow().AddSeconds(-1) }));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StatusAsync(late, "/api/credits")));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.Forbidden, status));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(late, "/staff"));
        var lines = await LinesAsync(tenant.Id);
        Assert.Equal([TenantViews.Begun, TenantViews.Ended], lines.Select(line => line.Action));
        Assert.EndsWith("the half hour was over.", lines[1].Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_loses_the_staff_role_sees_nothing_from_the_next_request_on()
    {
        var (tenant, staff, id) = await SceneAsync();
        await Looks.BeginAsync(staff, tenant.Id);
        await using (var unit = await portal.Services.GetRequiredService<Database>().BeginOpsAsync())
        {
            await unit.Db.Set<StaffMember>().Where(member => member.UserId == id).ExecuteDeleteAsync();
            await unit.CommitAsync();
        }

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/api/credits"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(staff, "/staff"));
        Assert.EndsWith("not of the staff any more.", (await LinesAsync(tenant.Id))[^1].Summary, StringComparison.Ordinal);
    }

    // As if somebody could write claims: a look at one tenant put together with another one, or with a look of a colleague.
    [Fact]
    public async Task Claims_put_together_from_several_looks_open_nothing()
    {
        var (acme, _, id) = await SceneAsync();
        var (bolt, _, colleague) = await SceneAsync();
        var views = portal.Services.GetRequiredService<TenantViews>();
        var mine = (await views.BeginAsync(id, acme.Id, "Ticket 4711"))!;
        var theirs = (await views.BeginAsync(colleague, bolt.Id, "Ticket 4712"))!;

        foreach (var forged in new[]
        {
            mine with { TenantId = bolt.Id }, mine with { Id = theirs.Id }, theirs with { StaffId = id }, mine with { Id = Ids.New() },
        })
        {
            using var browser = WithCookie(await TicketAsync(id, forged));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(browser, "/api/credits"));
        }

        Assert.DoesNotContain(await LinesAsync(bolt.Id), line => line.Action == TenantViews.Ended);
    }

    private async Task<(Tenant Tenant, HttpClient Staff, Guid StaffId)> SceneAsync()
    {
        var email = $"{Ids.New():N}@portal.example";
        var id = await portal.TenantService.AddStaffAsync(new NewPerson(email, "Sam Porter", PortalHost.Password), StaffRole.Agent);
        return (await portal.TenantAsync(name: "Acme Voice"), await portal.SignedInAsync(email), id);
    }

    private async Task<List<AuditLine>> LinesAsync(Guid tenantId)
    {
        await using var unit = await portal.Services.GetRequiredService<Database>().BeginOpsAsync();
        return await unit.Db.Set<AuditLine>().AsNoTracking().Where(line => line.TenantId == tenantId && line.SubjectType == "view")
            .OrderBy(line => line.At).ThenBy(line => line.Id).ToListAsync();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task<string> TicketAsync(Guid userId, TenantView view)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<User>>().FindByIdAsync(userId.ToString()))!;
        var tenant = (await portal.Services.GetRequiredService<TenantReader>().FindAsync(view.TenantId))!;
        var identity = new ClaimsIdentity(
            [
                .. SessionClaims.OfUser(user), .. SessionClaims.OfTenant(tenant), new(SessionClaims.Role, "viewer"),
                new(SessionClaims.ViewedBy, view.StaffId.ToString()), new(SessionClaims.ViewId, view.Id.ToString()),
                new(SessionClaims.ViewUntil, view.Until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ],
            IdentityConstants.ApplicationScheme);
        var now = TimeProvider.System.GetUtcNow();
        var session = await portal.Services.GetRequiredService<SessionService>().OpenAsync(
            userId, user.SecurityStamp, new Device("test", "127.0.0.1", "test"));
        var properties = new AuthenticationProperties
        {
            IssuedUtc = now,
            ExpiresUtc = now.AddHours(1),
            Items = { [SessionTickets.Item] = session.ToString() },
        };
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), properties, IdentityConstants.ApplicationScheme);
        return portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme).TicketDataFormat.Protect(ticket);
    }

    private HttpClient WithCookie(string ticket)
    {
        var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        var client = new HttpClient(handler) { BaseAddress = portal.Address };
        client.DefaultRequestHeaders.Add("Cookie", $"billing_session={ticket}");
        return client;
    }
}
