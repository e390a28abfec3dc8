using System.Net;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Support.Metrics;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>The staff's figures of payments and recharges, against payments that are known one by one.</summary>
public sealed class PaymentMetricsTests(DeskScene scene) : IClassFixture<DeskScene>
{
    private MetricsReader Reader => scene.Portal.Services.GetRequiredService<MetricsReader>();

    // Two bought, one refused on the portal; four recharges: two paid (one after a refusal), one refused, one that waits.
    [Fact]
    public async Task The_figures_are_those_of_the_payments_one_by_one()
    {
        var (buyer, first) = await scene.BoughtAsync();
        var (_, second) = await scene.BoughtAsync();
        await scene.Portal.BackdateAsync(
            second.Id, "settled_at = settled_at - interval '40 days', created_at = created_at - interval '40 days'");
        await RechargeAsync(buyer.Id, "crossing", "succeeded", null, 2);
        await RechargeAsync(buyer.Id, "crossing", "succeeded", "insufficient_funds", 10);
        await RechargeAsync(buyer.Id, "sweep", "declined", "insufficient_funds", null);
        await RechargeAsync(buyer.Id, "manual", "declined", "=cmd|'/c calc'!A1", null);

        var month = await Reader.ReadAsync(30);
        var quarter = await Reader.ReadAsync(90);

        Assert.Equal((30, 90), (month.Revenue.Count, quarter.Revenue.Count));
        Assert.Equal((3, 2200 + 1300), (month.Payments, month.RevenueCents));
        Assert.Equal((4, 4400 + 1300), (quarter.Payments, quarter.RevenueCents));
        Assert.Equal(month.RevenueCents, month.Revenue[^1].Cents);
        Assert.Equal((4, 2), month.Recharges);
        Assert.Equal(["crossing", "manual", "sweep"], month.Triggers.Select(row => row.Trigger));
        Assert.Equal(new TriggerRow("crossing", 2, 2, 2, 1300), month.Triggers[0]);
        Assert.Equal(new DeclineRow("insufficient_funds", 2, 1), month.Declines[0]);
        Assert.Equal([("declined", 2), ("succeeded", 2)], month.Outcomes.Select(row => (row.State, row.Attempts)));
        Assert.Equal(2, month.Delay.Recharges);
        Assert.Equal(6.0, month.Delay.Median!.Value, 3);
        Assert.Equal(9.6, month.Delay.P95!.Value, 3);
        Assert.Equal((first.PriceCents, 1), ((int)month.Kinds.Single(row => row.Kind == "on_session").Cents,
            month.Kinds.Single(row => row.Kind == "on_session").Paid));

        var csv = System.Text.Encoding.UTF8.GetString(MetricsCsv.Write(month));
        Assert.Contains("by_decline_code,insufficient_funds,2,,1,50", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(",=cmd", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("\"=cmd", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_for_staff_and_for_known_periods()
    {
        var email = $"{Ids.New():N}@portal.example";
        await scene.Portal.TenantService.AddStaffAsync(new NewPerson(email, "Sam Porter", PortalHost.Password), StaffRole.Agent);
        using var staff = await scene.Portal.SignedInAsync(email);

        using var file = await staff.GetAsync("/staff/metrics.csv?days=7");
        using var odd = await staff.GetAsync("/staff/metrics.csv?days=36500");

        Assert.Equal("text/csv", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Reader.ReadAsync(365));
    }

    // A paid recharge ends so many seconds later, and has a purchase of the same id.
    private async Task RechargeAsync(Guid tenantId, string trigger, string state, string? code, int? seconds)
    {
        var (id, now) = (Ids.New(), TimeProvider.System.GetUtcNow().AddMinutes(-1));
        await scene.ExecuteAsync(
            """
            INSERT INTO recharge_attempts (id, tenant_id, trigger, state, unit, amount_e4, bonus_e4, price_cents, description, customer_id,
              cards, card_index, reached_card, decline_code, started_at, ended_at, leased_until, is_cancel_due)
            VALUES ($1, $2, $3, $4, 'credits', 2500000, 0, 650, '250 credits', 'cus_1', '{pm_1,pm_2}', 0, true, nullif($5, ''),
              $6, $6 + $7 * interval '1 second', $6, false)
            """, id, tenantId, trigger, state, code ?? "", now, seconds ?? 1);
        if (seconds is { } later)
        {
            await using var unit = await scene.Portal.Database.BeginOpsAsync();
            unit.Db.Add(new Purchase
            {
                Id = id,
                TenantId = tenantId,
                Kind = PurchaseKind.AutoRecharge,
                Unit = Unit.Credits,
                CreditsE4 = 2_500_000,
                PriceCents = 650,
                State = PurchaseState.Settled,
                AttemptKey = id.ToString(),
                PaymentIntentId = $"pi_{id:N}",
                CreatedAt = now,
                UpdatedAt = now,
                SettledAt = now.AddSeconds(later),
            });
            await unit.CommitAsync();
        }
    }
}
