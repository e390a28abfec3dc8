using System.Net;
using BillingPortal.AutoRecharge;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tenants;
using BillingPortal.Tests.Invoices;
using BillingPortal.Tests.Purchases;
using BillingPortal.Tests.TenantWebhooks;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Web;

/// <summary>Lists as files: their columns, whose rows they have, and that no text becomes a formula.</summary>
public sealed class CsvListTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Numbers_are_a_file_with_labels_that_are_no_formulas()
    {
        var tenant = await portal.TenantAsync();
        await AddAsync(Number(tenant, "+14155550121", PhoneNumberState.Active, At));
        await AddAsync(Number(tenant, "+14155550122", PhoneNumberState.Active, At.AddDays(1)));
        await AddAsync(Number(tenant, "+14155550123", PhoneNumberState.Released, At));

        var lines = await LinesAsync(tenant, "/api/numbers.csv", "id,number,country,label,state,monthly_rent,unit,created_at,");

        Assert.Equal(2, lines.Count);
        Assert.Contains(",+14155550122,US,\"'=1+1\",active,", lines[0], StringComparison.Ordinal);
        Assert.Contains(",2026-11-20T12:00:00.000Z,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoices_are_a_file_newest_first()
    {
        var tenant = await InvoicedTenant.OfAsync(portal);
        var (first, second) = (await tenant.BuyAsync(), await tenant.BuyAsync());
        await portal.Services.GetRequiredService<InvoiceService>().VoidAsync(first.Id, "=1+1", InvoicedTenant.Lead);

        var lines = await LinesAsync(tenant.Buyer.Tenant, "/api/invoices.csv", "id,number,issued_at,due_on,state,amount,currency,");

        Assert.Equal(2, lines.Count);
        Assert.StartsWith($"{second.Id},{second.Text},", lines[0], StringComparison.Ordinal);
        Assert.Contains(",open,6.5,usd,250,0,credits,buyer,", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(",\"'=1+1\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payments_are_a_file_with_those_that_came_to_nothing()
    {
        var buyer = await portal.BuyerAsync();
        var paid = await buyer.PayAsync();
        var open = await buyer.StartAsync();

        var lines = await LinesAsync(buyer.Tenant, "/api/payments.csv", "id,created_at,settled_at,state,kind,amount,currency,");

        Assert.Equal(2, lines.Count);
        Assert.StartsWith($"{open.Purchase!.Id},", lines[0], StringComparison.Ordinal);
        Assert.Contains(",started,on_session,6.5,usd,250,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{paid.Purchase!.Id},", lines[1], StringComparison.Ordinal);
        Assert.Contains(",settled,on_session,6.5,usd,250,0,credits,credits-250,visa,4242,0,0,,pi_", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recharge_attempts_are_a_file_with_their_outcome_in_words()
    {
        var tenant = await portal.TenantAsync();
        await AddAsync(new RechargeAttempt
        {
            Id = Ids.New(),
            TenantId = tenant.Id,
            Trigger = RechargeTrigger.Crossing,
            State = AttemptState.Declined,
            Unit = Unit.Credits,
            AmountE4 = Amount.Credits(1000).E4,
            PriceCents = 2500,
            CustomerId = "cus_test",
            Cards = ["=pm"],
            ReachedCard = true,
            DeclineCode = "insufficient_funds",
            StartedAt = At,
            EndedAt = At,
            LeasedUntil = At,
        });

        var line = Assert.Single(await LinesAsync(
            tenant, "/api/stripe/auto-recharge/attempts.csv", "id,started_at,ended_at,state,trigger,amount,currency,credits,"));

        Assert.Contains(",declined,crossing,25,usd,1000,0,credits,\"'=pm\",", line, StringComparison.Ordinal);
        Assert.DoesNotContain("insufficient_funds", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliveries_of_an_endpoint_are_a_file_and_owners_alone_see_its_query()
    {
        var tenant = await portal.TenantAsync();
        var id = await StoredEndpoint.AddAsync(
            portal.Database, tenant.Id, "https://example.com/hooks?token=hidden", "balance.low", "purchase.settled");
        var path = $"/api/webhook-endpoints/{id}/deliveries.csv";
        using var owner = await portal.SignedInAsync(tenant, MemberRole.Owner);
        using var viewer = await portal.SignedInAsync(tenant, MemberRole.Viewer);
        using var program = await portal.ProgramAsync(tenant);
        using var stranger = await portal.ProgramAsync(await portal.TenantAsync());

        var lines = Lines(await owner.GetStringAsync(path));

        Assert.StartsWith("id,event_id,type,occurred_at,created_at,address,state,tries,", lines[0], StringComparison.Ordinal);
        Assert.Equal(3, lines.Count);
        Assert.Contains(",purchase.settled,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",https://example.com/hooks?token=hidden,failed,10,,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",500,\"'=1+1 was answered\",", lines[2], StringComparison.Ordinal);
        foreach (var other in new[] { viewer, program })
        {
            var seen = await other.GetStringAsync(path);
            Assert.DoesNotContain("hidden", seen, StringComparison.Ordinal);
            Assert.Contains(",https://example.com/hooks?…,", seen, StringComparison.Ordinal);
        }

        await IdempotencyTests.AssertProblemAsync(
            await stranger.GetAsync(path), HttpStatusCode.NotFound, "unknown_webhook_endpoint");
    }

    [Theory]
    [InlineData(CsvList.RowsMax, false)]
    [InlineData(CsvList.RowsRead, true)]
    public async Task A_file_that_was_cut_off_says_so(int rows, bool isTruncated)
    {
        var context = new DefaultHttpContext { RequestServices = portal.Services, Response = { Body = new MemoryStream() } };

        var file = CsvList.Of(context.Response, "rows.csv", ["row"], [.. Enumerable.Range(1, rows)], row => [row]);
        await file.ExecuteAsync(context);

        var written = ((MemoryStream)context.Response.Body).ToArray();
        Assert.Equal(CsvList.RowsMax + 1, written.Count(one => one == '\n'));
        Assert.Equal(isTruncated ? "true" : "", context.Response.Headers["X-Truncated"].ToString());
    }

    // The rows of the tenant below these columns; another tenant's file has none.
    private async Task<IReadOnlyList<string>> LinesAsync(Tenant tenant, string path, string columns)
    {
        using var program = await portal.ProgramAsync(tenant, ApiScopes.Read);
        using var stranger = await portal.ProgramAsync(await portal.TenantAsync(), ApiScopes.Read);
        using var answer = await program.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.False(answer.Headers.Contains("X-Truncated"));
        var lines = Lines(await answer.Content.ReadAsStringAsync());
        Assert.StartsWith(columns, lines[0], StringComparison.Ordinal);
        Assert.Equal([lines[0]], Lines(await stranger.GetStringAsync(path)));
        return [.. lines.Skip(1)];
    }

    private static List<string> Lines(string text) => [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];

    private async Task AddAsync(object row)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        unit.Db.Add(row);
        await unit.CommitAsync();
    }

    private static PhoneNumber Number(Tenant tenant, string number, PhoneNumberState state, DateTimeOffset at) => new()
    {
        Id = Ids.New(),
        TenantId = tenant.Id,
        Number = number,
        Country = "US",
        Label = "=1+1",
        ProviderSid = $"PN{Ids.New():N}",
        State = state,
        Unit = Unit.Credits,
        AnchorDay = 20,
        CreatedAt = at,
        AcquiredAt = at,
        NextBillingDate = state is PhoneNumberState.Released ? null : TimeProvider.System.GetUtcNow().AddDays(20),
    };
}
