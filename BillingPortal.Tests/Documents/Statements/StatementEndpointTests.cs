using System.Net;
using System.Text.Json.Nodes;
using BillingPortal.Documents.Statements;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Documents.Pdf;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Wallet;

namespace BillingPortal.Tests.Documents.Statements;

/// <summary>Statements over HTTP, for people with a session and for programs.</summary>
public sealed class StatementEndpointTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly StatementMonth Running = StatementMonth.Of(TimeProvider.System.GetUtcNow());

    // 250 bought and 30 used two months ago, 20 used last month, nothing since.
    [Fact]
    public async Task The_list_has_every_month_youngest_first()
    {
        var (client, _) = await LivedAsync();

        var rows = JsonNode.Parse(await client.GetStringAsync("/api/statements"))!["statements"]!.AsArray();

        Assert.Equal(
            [
                $"{Running} credits False 200 0 0 0 200", $"{Running.Previous} credits True 220 0 -20 0 200",
                $"{Running.Previous.Previous} credits True 0 250 -30 0 220",
            ],
            rows.Select(row => $"{row!["month"]} {row["unit"]} {(bool)row["isFinal"]!} {row["opening"]} {row["topUps"]} "
                + $"{row["usage"]} {row["other"]} {row["closing"]}"));
        Assert.Equal($"/api/statements/{Running}.pdf?unit=credits", (string?)rows[0]!["pdf"]);
    }

    [Fact]
    public async Task Older_months_follow_before_the_last_one()
    {
        var (client, _) = await LivedAsync();

        var answer = await client.GetStringAsync($"/api/statements?unit=credits&before={Running.Previous}");

        var rows = JsonNode.Parse(answer)!["statements"]!.AsArray();

        Assert.Equal(Running.Previous.Previous.ToString(), (string?)Assert.Single(rows)!["month"]);
    }

    [Fact]
    public async Task A_viewer_and_a_reading_key_fetch_files_and_other_tenants_find_none()
    {
        var (_, tenant) = await LivedAsync();
        var viewer = await portal.SignedInAsync(tenant, MemberRole.Viewer);
        foreach (var client in new[] { viewer, await portal.ProgramAsync(tenant, ApiScopes.Read) })
        {
            using var pdf = await client.GetAsync($"/api/statements/{Running.Previous}.pdf");
            using var csv = await client.GetAsync($"/api/statements/{Running}.csv?unit=credits");

            var text = new PdfReader(await pdf.Content.ReadAsByteArrayAsync()).Text;
            Assert.Contains("Closing balance | 200", text, StringComparison.Ordinal);
            Assert.Equal($"statement-{Running.Previous}-credits.pdf", pdf.Content.Headers.ContentDisposition!.FileName);
            Assert.Equal($"statement-{Running}-credits-so-far.csv", csv.Content.Headers.ContentDisposition!.FileName);
            Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        }

        var stranger = await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner);
        using var none = await stranger.GetAsync($"/api/statements/{Running.Previous}.pdf?unit=credits");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("/api/statements/2026-13.pdf", HttpStatusCode.BadRequest, "invalid_month")]
    [InlineData("/api/statements/2026-10.csv?unit=euro", HttpStatusCode.BadRequest, "invalid_unit")]
    [InlineData("/api/statements?before=soon", HttpStatusCode.BadRequest, "invalid_month")]
    [InlineData("/api/statements?unit=euro", HttpStatusCode.BadRequest, "invalid_unit")]
    [InlineData("/api/statements/2001-01.pdf", HttpStatusCode.NotFound, "unknown_statement")]
    public async Task What_is_not_there_or_not_understood_is_said(string path, HttpStatusCode status, string code)
    {
        var (client, _) = await LivedAsync();

        using var answer = await client.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(HttpClient Client, Tenant Tenant)> LivedAsync()
    {
        var tenant = await portal.TenantAsync();
        var (first, second) = (Running.Previous.Previous.Start.AddDays(2), Running.Previous.Start.AddDays(3));
        await TestBooks.WriteAsync(portal.Connections, tenant.Id, Unit.Credits,
        [
            new Line(first, Amount.Credits(250), EntryKind.Purchase, Service: null),
            new Line(first.AddHours(1), Amount.Credits(-30)),
            new Line(second, Amount.Credits(-20)),
        ]);
        return (await portal.ProgramAsync(tenant), tenant);
    }
}
