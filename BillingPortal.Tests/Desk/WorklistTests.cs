using BillingPortal.Audit;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Support;
using BillingPortal.Support.Worklist;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>What waits for the staff: nothing of it is missed, nothing else stands there, and it says why.</summary>
public sealed class WorklistTests(DeskScene scene) : IClassFixture<DeskScene>
{
    private WorklistReader Reader => scene.Portal.Services.GetRequiredService<WorklistReader>();

    [Fact]
    public async Task Every_kind_of_trouble_stands_there_with_its_reason_and_its_action()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        await TroubleAsync(buyer.Id, purchase.Id);
        // A purchase would end a pause, so these two have bought nothing.
        var (halted, failing) = ((await scene.Portal.BuyerAsync()).Id, (await scene.Portal.BuyerAsync()).Id);
        await RuleAsync(halted, "failures");
        await AttemptAsync(halted, "declined", "insufficient_funds", ended: true);
        await RuleAsync(failing, "");
        await scene.Adjustments.RequestAsync(await scene.AgentAsync(), DeskScene.Give(buyer.Id, Amount.Credits(90_000)));

        var page = await Reader.ReadAsync(only: null, 500);

        var mine = page.Items.Where(item => item.TenantId is null || item.TenantId == buyer.Id
            || item.TenantId == halted || item.TenantId == failing).ToList();
        foreach (var kind in Enum.GetValues<WorkKind>())
        {
            var found = mine.Where(item => item.Kind == kind).ToList();
            Assert.True(found.Count == 1, $"{kind}: {found.Count}");
            var item = found[0];
            Assert.True(page.Of(kind) > 0);
            Assert.NotEmpty(WorkTexts.Reason(item));
            Assert.DoesNotContain("{", WorkTexts.Reason(item), StringComparison.Ordinal);
        }

        Assert.Equal(page.Items.OrderBy(item => item.Since).Select(item => item.Id), page.Items.Select(item => item.Id));
        var paused = mine.Single(item => item.Kind is WorkKind.RechargePaused);
        Assert.Equal(("Test tenant", "/staff/tenants/" + halted), (paused.Tenant, WorkTexts.Action(paused).Href));
        Assert.StartsWith(
            "After 3 failed attempts. The card does not have enough funds.", WorkTexts.Reason(paused), StringComparison.Ordinal);
        Assert.Equal("Record a payment", WorkTexts.Action(mine.Single(item => item.Kind is WorkKind.InvoiceOverdue)).Text);
        Assert.Contains("another amount was paid", WorkTexts.Reason(mine.Single(item => item.Kind is WorkKind.PaymentReview)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counting_stops_at_its_bound_and_a_page_says_that_there_is_more()
    {
        await scene.ExecuteAsync(
            """
            INSERT INTO webhook_events (id, provider, event_id, type, source, occurred_at, received_at, body, state, attempts,
              next_attempt_at, ended_at)
            SELECT gen_random_uuid(), 'stripe', 'evt_many_' || n, 'charge.failed', 'webhook', now(), now(), '{}', 'dead', 9, now(),
              now() - n * interval '1 minute' FROM generate_series(1, 700) AS n
            """);

        var page = await Reader.ReadAsync(WorkKind.WebhookDead, 25);

        Assert.Equal((501, "500+"), (page.Of(WorkKind.WebhookDead), WorkTexts.Count(page.Of(WorkKind.WebhookDead))));
        Assert.Equal((25, true), (page.Items.Count, page.HasMore));
        Assert.Equal("evt_many_700", await EventAsync(page.Items[0].Id));
        await scene.ExecuteAsync("DELETE FROM webhook_events WHERE event_id LIKE 'evt_many_%'");
    }

    // Whatever the tables hold, only what waits is read: each kind has its own partial index.
    [Fact]
    public async Task Every_kind_is_read_by_an_index_of_what_waits_alone()
    {
        await using var unit = await scene.Portal.Database.BeginOpsAsync();
        await using var off = unit.Command("SET LOCAL enable_seqscan = off");
        await off.ExecuteNonQueryAsync();
        await using var command = unit.Command("EXPLAIN " + WorklistSql.Counts, TimeProvider.System.GetUtcNow(), 501);
        var plan = new List<string>();
        await using (var row = await command.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                plan.Add(row.GetString(0));
            }
        }

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal)
            && !line.Contains("ledger_violations", StringComparison.Ordinal));
    }

    private async Task TroubleAsync(Guid tenantId, Guid purchaseId)
    {
        await AttemptAsync(tenantId, "requires_action", null, ended: false);
        await scene.ExecuteAsync(
            """
            INSERT INTO phone_numbers (id, tenant_id, number, country, provider_sid, state, unit, set_up_e4, anchor_day,
              next_billing_date, suspended_at, next_retry_at, created_at, acquired_at)
            VALUES (gen_random_uuid(), $1, '+15005550' || (100 + floor(random() * 899))::int, 'US', 'PN1', 'suspended', 'credits', 0, 1,
              now(), now() - interval '2 days', now() + interval '5 days', now(), now())
            """, tenantId);
        await scene.ExecuteAsync("UPDATE purchases SET review_reason = 'amount_differs' WHERE id = $1", purchaseId);
        var open = (await scene.Portal.Purchases.StartAsync(
            tenantId, new() { PackageId = "credits-250" }, Ids.New().ToString())).Purchase!.Id;
        await scene.Portal.BackdateAsync(open, "asked_at = now() - interval '1 hour'");
        await scene.ExecuteAsync(
            "INSERT INTO flagged_addresses (tenant_id, address, reason, flagged_at) VALUES ($1, 'gone@acme.example', 'bounced', now())",
            tenantId);
        await scene.ExecuteAsync(
            """
            INSERT INTO webhook_events (id, provider, event_id, type, source, occurred_at, received_at, body, state, attempts,
              next_attempt_at, ended_at, last_error)
            VALUES (gen_random_uuid(), 'stripe', 'evt_dead', 'charge.refunded', 'webhook', now(), now(), '{}', 'dead', 9, now(),
              now(), 'Timeout')
            """);
        await scene.ExecuteAsync(
            """
            INSERT INTO outbox_messages (id, kind, tenant_id, payload, created_at, due_at, attempts, dead_at, last_error)
            VALUES (gen_random_uuid(), 'email', $1, '{}', now(), now(), 9, now(), 'Refused')
            """, tenantId);
        await ViolationAsync(tenantId);
        await InvoiceAsync(tenantId);
    }

    private Task RuleAsync(Guid tenantId, string pause) => scene.ExecuteAsync(
        """
        INSERT INTO recharge_rules (tenant_id, unit, enabled, threshold_e4, size, amount_e4, card_ids, pays_by_invoice,
          attempts_per_day, paused_reason, paused_at, consecutive_failures, failing_since, grace_days, smart, notice_hours,
          limit_warned_percent, created_at, updated_at)
        VALUES ($1, 'credits', true, 1000000, 'amount', 2500000, '{}', false, 4, nullif($2, ''),
          CASE WHEN $2 <> '' THEN now() - interval '3 hours' END, 3, now() - interval '9 hours', 0, 'off', 0, 0, now(), now())
        """, tenantId, pause);

    private Task AttemptAsync(Guid tenantId, string state, string? code, bool ended) => scene.ExecuteAsync(
        """
        INSERT INTO recharge_attempts (id, tenant_id, trigger, state, unit, amount_e4, bonus_e4, price_cents, description, customer_id,
          cards, card_index, reached_card, decline_code, started_at, ended_at, leased_until, is_cancel_due)
        VALUES (gen_random_uuid(), $1, 'crossing', $2, 'credits', 2500000, 0, 650, '250 credits', 'cus_1', '{pm_1}', 0, true,
          nullif($3, ''), now() - CASE WHEN $4 THEN interval '1 hour' ELSE interval '2 hours' END,
          CASE WHEN $4 THEN now() END, now() + interval '1 day', false)
        """, tenantId, state, code ?? "", ended);

    private async Task ViolationAsync(Guid tenantId)
    {
        await using var connection = new Npgsql.NpgsqlConnection(scene.Portal.Connections.Owner);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            """
            WITH run AS (INSERT INTO ledger_audit_runs (is_full, proven_at, accounts, entries, violations)
                         VALUES (true, now(), 1, 1, 1) RETURNING id)
            INSERT INTO ledger_violations (audit_id, tenant_id, unit, rule, detail)
            SELECT id, $1, 'credits', 'balance', 'balance 5, entries say 4' FROM run
            """, connection)
        { Parameters = { new() { Value = tenantId } } };
        await command.ExecuteNonQueryAsync();
    }

    private async Task InvoiceAsync(Guid tenantId)
    {
        var services = scene.Portal.Services;
        Assert.Null(await services.GetRequiredService<InvoiceTermsService>().SaveAsync(
            tenantId, new TermsWish(IsApproved: true, DueDays: 14, LimitCents: 100_000, InvoiceCredit.OnPayment), Actor.System("test")));
        var sold = await services.GetRequiredService<InvoiceService>().SellAsync(
            tenantId, new() { PackageId = "credits-250" }, Ids.New().ToString(), userId: null);
        await using var connection = new Npgsql.NpgsqlConnection(scene.Portal.Connections.Owner);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            """
            UPDATE invoices SET issued_at = issued_at - interval '40 days', due_on = due_on - 40, state = 'overdue' WHERE id = $1
            """, connection)
        { Parameters = { new() { Value = sold.InvoiceId!.Value } } };
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private async Task<string> EventAsync(string id)
    {
        await using var unit = await scene.Portal.Database.BeginOpsAsync();
        await using var command = unit.Command("SELECT event_id FROM webhook_events WHERE id = $1::uuid", id);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
