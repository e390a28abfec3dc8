using System.Net.Http.Json;
using BillingPortal.Audit;
using BillingPortal.Tenants;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>Each setting of a tenant leaves a line: who, before, after. A setting that nobody wrote down fails here.</summary>
public sealed class SettingLinesTests(TeamPortal portal) : IClassFixture<TeamPortal>
{
    // New lines bring a row in SettingScenes with them.
    public static TheoryData<string> Actions =>
    [
        "auto_recharge.changed", "auto_recharge.usage_confirmed", "card.added", "card.made_default", "card.removed", "cards.reordered",
        "settlement_mode.changed", "plan.changed", "sms_settings.changed", "opt_out.added", "opt_out.removed", "number.bought",
        "number.named", "number.released", "alert_threshold.changed", "mail_settings.changed", "mail_address.cleared", "profile.changed",
        "two_step.changed",
    ];

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task A_change_stands_in_the_log_with_who_made_it(string action)
    {
        var tenant = await portal.TenantAsync();
        var email = await portal.PersonAsync(tenant, MemberRole.Owner);
        var user = await portal.UserAsync(email);
        var ann = new Actor(ActorKind.Person, user.Id, "Test Person (owner)");
        Acting.Enter(ann);

        await new SettingScenes(portal, tenant, email).All[action]();

        var line = (await LinesAsync(tenant)).Last(one => one.Action == action);
        Assert.Equal((ActorKind.Person, user.Id), (line.ActorKind, line.ActorId!.Value));
        Assert.False(string.IsNullOrWhiteSpace(line.Summary));
        Assert.NotEqual(line.Before, line.After);
        Assert.Contains(AuditDifferences.Of(line.Before, line.After), one => one.IsChanged);
    }

    [Fact]
    public async Task What_stays_as_it_was_leaves_no_line()
    {
        var tenant = await portal.TenantAsync();
        var scenes = new SettingScenes(portal, tenant, await portal.PersonAsync(tenant, MemberRole.Owner)).All;
        string[] actions = ["auto_recharge.changed", "sms_settings.changed", "mail_settings.changed", "alert_threshold.changed"];
        foreach (var action in actions)
        {
            await scenes[action]();
            var once = (await LinesAsync(tenant)).Count;
            await scenes[action]();
            Assert.True(once == (await LinesAsync(tenant)).Count, $"{action} was written twice for one change.");
        }
    }

    [Fact]
    public async Task Over_http_the_person_or_the_key_stands_there_by_name()
    {
        var tenant = await portal.TenantAsync();
        using var person = await portal.SignedInAsync(tenant, MemberRole.BillingAdmin);
        using var program = portal.Bearer((await portal.TenantService.CreateApiKeyAsync(tenant.Id, "Billing robot", ApiScopes.All)).Text);

        await SaveAsync(person, 30);
        await SaveAsync(program, 40);

        var lines = (await LinesAsync(tenant)).Where(line => line.Action == "auto_recharge.changed").ToList();
        Assert.Equal(["Test Person (billing admin)", "API key Billing robot"], lines.Select(line => line.ActorName));
        Assert.Equal([ActorKind.Person, ActorKind.ApiKey], lines.Select(line => line.ActorKind));
        var threshold = AuditDifferences.Of(lines[1].Before, lines[1].After).Single(one => one.Name == "Threshold");
        Assert.Equal(("30 credits", "40 credits"), (threshold.Before, threshold.After));

        static async Task SaveAsync(HttpClient http, int threshold)
        {
            using var answer = await http.PostAsJsonAsync("/api/credits/auto-recharge", new { enabled = true, credits = 100, threshold });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private async Task<IReadOnlyList<AuditLine>> LinesAsync(Tenant tenant) =>
    [
        .. (await new AuditReader(portal.Database).PageOfTenantAsync(tenant.Id, new AuditFilter())).Items
            .Select(item => item.Line).Reverse(),
    ];
}
