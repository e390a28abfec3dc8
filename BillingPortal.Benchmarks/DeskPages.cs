namespace BillingPortal.Benchmarks;

/// <summary>A page to measure.</summary>
/// <param name="Shows">What stands on it only when its data was read.</param>
internal sealed record DeskPageAddress(string Name, string Address, string Shows, bool IsOfTenant)
{
    private static readonly DeskPageAddress Packages = new("packages", "/staff/packages", "Best", IsOfTenant: false);
    private static readonly DeskPageAddress Notifications = new("notifications", "/notifications", "Threshold", IsOfTenant: true);

    /// <summary>Keeps a skeleton until a person types.</summary>
    public bool HasEmptyParts { get; init; }

    /// <summary>A small page to come from, which shows nothing of this one.</summary>
    public DeskPageAddress Before => IsOfTenant ? Notifications : Packages;
}

/// <summary>The pages of the desk that read from large tables, and those of the largest tenant.</summary>
internal sealed class DeskPages(BenchmarkServer server)
{
    private readonly List<DeskPageAddress> _pages = [];

    public async Task<IReadOnlyList<DeskPageAddress>> ListAsync()
    {
        var largest = await IdAsync("SELECT id FROM bench.tenants WHERE n = 1");
        var usual = await IdAsync("SELECT id FROM bench.tenants WHERE n = (SELECT max(n) / 2 FROM bench.tenants)");
        var purchase = await IdAsync(
            """
            SELECT id FROM purchases WHERE tenant_id = (SELECT id FROM bench.tenants WHERE n = 1) AND state = 'settled'
            ORDER BY created_at LIMIT 1
            """);
        var hook = await IdAsync("SELECT id FROM webhook_events WHERE object_id = 'pi_bench777_2'");
        var mail = await IdAsync("SELECT id FROM emails WHERE provider_id = 're_bench777_2'");
        Desk("the desk", "/staff", "bench-");
        Desk("search: a word of a name", "/staff?q=fjord+dental", "bench-");
        Desk("search: a word of every eighth name", "/staff?q=acorn", "bench-");
        Desk("search: an address", "/staff?q=owner%40bench-777.example", "bench-777");
        Desk("search: a phone number", "/staff?q=%2B15550000777", "bench-777");
        Desk("search: a payment", "/staff?q=pi_bench777_2", "bench-777");
        Desk("the largest tenant", $"/staff/tenants/{largest}", "bench-1");
        Desk("a usual tenant", $"/staff/tenants/{usual}", "bench-");
        Desk("refund of a payment", $"/staff/tenants/{largest}/payments/{purchase}/refund", "$2.80", hasEmptyParts: true);
        Desk("adjustment", $"/staff/tenants/{largest}/adjust", "1,005", hasEmptyParts: true);
        Desk("payments and recharges, 30 days", "/staff/metrics?days=30", "%");
        Desk("payments and recharges, 90 days", "/staff/metrics?days=90", "%");
        Desk("webhooks", "/staff/webhooks", "payment_intent.");
        Desk("webhooks: the dead ones", "/staff/webhooks?state=dead", "payment_intent.");
        Desk("webhooks: one event", $"/staff/webhooks/{hook}", "pi_bench");
        Desk("emails", "/staff/emails", "Recharged");
        Desk("emails: the bounced ones", "/staff/emails?state=bounced", "Recharged");
        Desk("emails: one mail", $"/staff/emails/{mail}", "Recharged");
        Desk("jobs", "/staff/jobs", "hold-expiry");
        Desk("jobs: history of one", "/staff/jobs/hold-expiry", "hold-expiry");
        Desk("approvals", "/staff/approvals", "Approvals");
        Desk("audit log", "/staff/audit", "tenant.opened");
        Desk("prices", "/staff/prices", "SMS");
        Tenant("overview of the largest tenant", "/", "1,005");
        Tenant("transactions of the largest tenant", "/transactions", "1,005");
        Tenant("SMS of the largest tenant", "/sms", "Delivered");
        Tenant("wallet and statements of the largest tenant", "/wallet", "Wallet");
        Tenant("usage and spend of the largest tenant", "/analytics", "SMS");
        Tenant("team", "/team", "Owner 1");
        return _pages;
    }

    private Task<Guid> IdAsync(string sql) => server.ScalarAsync<Guid>(sql);

    private void Desk(string name, string address, string shows, bool hasEmptyParts = false) =>
        _pages.Add(new(name, address, shows, IsOfTenant: false) { HasEmptyParts = hasEmptyParts });

    private void Tenant(string name, string address, string shows) => _pages.Add(new(name, address, shows, IsOfTenant: true));
}
