using BillingPortal.AutoRecharge;
using BillingPortal.BalanceImport;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tenants;
using BillingPortal.Tests.Purchases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.BalanceImport;

/// <summary>Bringing tenants over: judged whole, written once, gone on with where it stopped.</summary>
public sealed class BalanceImportTests(PaidPortal portal) : IClassFixture<PaidPortal>
{
    private readonly string _run = Ids.New().ToString("N")[^8..];

    [Fact]
    public async Task A_tenant_comes_with_its_balance_its_cards_and_its_rule()
    {
        var customer = await CustomerAsync();
        await portal.Sandbox.Stripe.SavedCardAsync(customer);
        var file = $"tenant,balance,stripe_customer,auto_recharge,threshold,recharge_amount\n{_run},1250.5,{customer},yes,200,500";

        var (code, said) = await ImportAsync(file);

        Assert.True(code == 0, said);
        Assert.Contains("1 brought over", said, StringComparison.Ordinal);
        var tenant = await TenantAsync(_run);
        Assert.Equal(1250.5m, await BalanceAsync(tenant!));
        Assert.Single(await portal.Cards.ListAsync(tenant!.Id));
        await using var unit = await portal.Database.BeginOpsAsync();
        var rule = await unit.Db.Set<RechargeRule>().SingleAsync(row => row.TenantId == tenant.Id);
        Assert.Equal((true, 200m), (rule.Enabled, rule.Threshold.ToDecimal()));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        var file = $"tenant,balance\n{_run}-a,10\n{_run}-b,20";
        await ImportAsync(file);

        var (code, said) = await ImportAsync(file);

        Assert.Equal(0, code);
        Assert.Contains("0 brought over, 0 finished, 2 stood already", said, StringComparison.Ordinal);
        Assert.Equal(10, await BalanceAsync((await TenantAsync($"{_run}-a"))!));
    }

    [Theory]
    [InlineData("{0},10\n{0}-b,-1")]
    [InlineData("{0},10\n{0}-b,1,,cus_nobody")]
    [InlineData("{0},10\n{0}-b,1,,,-5")]
    public async Task One_fault_anywhere_and_nothing_is_written(string lines)
    {
        var (code, said) = await ImportAsync("tenant,balance,plan,stripe_customer,threshold\n" + string.Format(null, lines, _run));

        Assert.Equal(1, code);
        Assert.Contains("line 3", said, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", said, StringComparison.Ordinal);
        Assert.Null(await TenantAsync(_run));
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_writes_nothing()
    {
        var customer = await CustomerAsync();
        var (code, said) = await ImportAsync(
            $"tenant,balance,stripe_customer,auto_recharge\n{_run},5,{customer},yes", dryRun: true);

        Assert.Equal(0, code);
        Assert.Contains("1 tenants on the plan credits with 5 credits", said, StringComparison.Ordinal);
        Assert.Contains("charged at once", said, StringComparison.Ordinal);
        Assert.Null(await TenantAsync(_run));
    }

    [Fact]
    public async Task A_changed_line_or_a_tenant_of_another_origin_is_a_fault()
    {
        var other = await portal.BuyerAsync();
        await ImportAsync($"tenant,balance\n{_run},10");

        var (changed, _) = await ImportAsync($"tenant,balance\n{_run},11");
        var (foreign, said) = await ImportAsync($"tenant,balance\n{other.Tenant.Slug},11");

        Assert.Equal((1, 1), (changed, foreign));
        Assert.Contains("did not come by import", said, StringComparison.Ordinal);
        Assert.Equal(10, await BalanceAsync((await TenantAsync(_run))!));
    }

    // Stripe is away when the cards are fetched: the balance stands, and the next run does the rest, once.
    [Fact]
    public async Task An_interrupted_line_is_finished_by_the_next_run()
    {
        var customer = await CustomerAsync();
        await portal.Sandbox.Stripe.SavedCardAsync(customer);
        var file = $"tenant,balance,stripe_customer\n{_run},10,{customer}";
        await portal.Sandbox.FaultAsync("error", path: $"customers/{customer}/payment_methods", method: "GET");

        var (first, _) = await ImportAsync(file);
        var (second, said) = await ImportAsync(file);

        Assert.Equal((1, 0), (first, second));
        Assert.Contains("1 finished", said, StringComparison.Ordinal);
        var tenant = await TenantAsync(_run);
        Assert.Equal(10, await BalanceAsync(tenant!));
        Assert.Single(await portal.Cards.ListAsync(tenant!.Id));
    }

    private Task<string> CustomerAsync() => portal.Sandbox.Stripe.CustomerAsync($"{_run}@import.example");

    private async Task<(int Code, string Said)> ImportAsync(string file, bool dryRun = false)
    {
        await using var said = new StringWriter();
        var code = await portal.Services.GetRequiredService<BalanceImportCommand>()
            .RunAsync(new StringReader(file), dryRun, said);
        return (code, said.ToString());
    }

    private Task<Tenant?> TenantAsync(string slug) =>
        portal.Services.GetRequiredService<TenantReader>().FindBySlugAsync(slug);

    private async Task<decimal> BalanceAsync(Tenant tenant) =>
        (await portal.Services.GetRequiredService<BalanceReader>().ReadAsync(tenant.Id, tenant.Plan)).Posted.ToDecimal();
}
