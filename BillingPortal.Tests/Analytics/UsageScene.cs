using BillingPortal.Analytics;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Pricing;
using BillingPortal.Tenants;
using BillingPortal.Tests.Settlement;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Usage;
using BillingPortal.Wallet;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Tests.Analytics;

/// <summary>One test's tenant with everything that can happen to its books, and what the figures ought to be by a plain count.</summary>
internal sealed class UsageScene(PostgresFixture postgres, SettlementWorld world, TestTenant tenant, Unit plan, int seed)
{
    private static readonly string[] Agents = ["Ann", "Bob", "=cmd|' /C calc'!A0"];
    private readonly Random _random = new(seed);

    public TestTenant Tenant => tenant;

    public SettlementWorld World => world;

    /// <summary>Folds from the first entry on.</summary>
    public UsageReader Folding => new(postgres.Database, new UsageDays(postgres.Database, world.Clock) { TailMax = 0 });

    /// <summary>Folds nothing that a test writes.</summary>
    public UsageReader Plain => new(postgres.Database, new UsageDays(postgres.Database, world.Clock) { TailMax = 1_000_000 });

    public static async Task<UsageScene> CreditsAsync(PostgresFixture postgres, int seed = 1)
    {
        var world = new SettlementWorld(postgres, postgres.Clock.GetUtcNow());
        var tenant = await postgres.TenantWithAsync(credits: 100_000);
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant
        {
            Id = tenant.Id,
            Slug = "t" + tenant.Id.ToString("N"),
            Name = "Test",
            Plan = Unit.Credits,
            CreatedAt = world.Clock.GetUtcNow(),
        });
        await unit.CommitAsync();
        return new UsageScene(postgres, world, tenant, Unit.Credits, seed);
    }

    public static async Task<UsageScene> WalletAsync(PostgresFixture postgres, SettlementMode mode, int seed = 1)
    {
        var world = new SettlementWorld(postgres, postgres.Clock.GetUtcNow());
        return new UsageScene(postgres, world, await world.TenantAsync(usd: 100_000, mode), Unit.Usd, seed);
    }

    public UsageRequest Ask(UsageQuery query) => query.Judge(plan, world.Clock.GetUtcNow());

    /// <summary>So many things happen, one after the other, in the last seventy days.</summary>
    public async Task LiveAsync(int things)
    {
        for (var n = 0; n < things; n++)
        {
            await (_random.Next(10) switch
            {
                < 5 => UseAsync(),
                5 => HoldAndCaptureAsync(),
                6 => PostAsync(LedgerOperation.Debit, EntryKind.Rent, ServiceCodes.NumberMonthly),
                7 => PostAsync(LedgerOperation.Credit, EntryKind.Refund, ServiceCodes.SmsOutbound),
                8 => CorrectAsync(),
                _ => OtherAsync(),
            });
        }
    }

    public async Task UseAsync(string service = "", string? metadata = null, DateTimeOffset? at = null)
    {
        service = service.Length > 0 ? service : Pick("voice", "sms_outbound", "sms_inbound", "email");
        metadata ??= _random.Next(4) switch
        {
            0 => null,
            1 => $$"""{"agent":"{{Pick(Agents)}}"}""",
            2 => $$"""{"agent":"{{Pick(Agents)}}","campaign":{{_random.Next(3)}},"agent":"Ann","odd":{"x":1},"id":"{{Ids.New()}}"}""",
            _ => """{"agent":"\u0000","campaign":"spring"}""",
        };
        var used = await world.Usage.RecordAsync(
            tenant.Id, plan, [UsageFixtures.Event(service, 1 + _random.Next(3), occurredAt: at ?? At(), metadata: metadata)]);
        Assert.Equal(BillingPortal.Usage.UsageOutcome.Posted, used[0].Outcome);
    }

    /// <summary>What the figures of these days ought to be, counted from the rows of the books.</summary>
    public async Task<(long Debits, Dictionary<string, long> SpentByService)> CountAsync(DateOnly first, DateOnly last)
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        var entries = await unit.Db.Set<Entry>().AsNoTracking().Where(entry => entry.Unit == plan).ToListAsync();
        var reserved = await unit.Db.Set<HoldExtension>().AsNoTracking().Where(use => use.Unit == plan).ToListAsync();
        bool Within(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime) is var day && day >= first && day <= last;
        var use = entries.Where(entry => Within(entry.OccurredAt) && entry.Kind is not EntryKind.Settlement
                && UseKinds.IsUse(entry.Kind, entry.Service ?? ""))
            .Select(entry => (entry.Service, Spent: -entry.AmountE4))
            .Concat(reserved.Where(one => Within(one.OccurredAt)).Select(one => (one.Service, Spent: one.AmountE4)));
        return (
            entries.Where(entry => Within(entry.OccurredAt) && entry.AmountE4 < 0).Sum(entry => -entry.AmountE4),
            use.GroupBy(one => one.Service ?? "other").ToDictionary(group => group.Key, group => group.Sum(one => one.Spent)));
    }

    private async Task HoldAndCaptureAsync()
    {
        var reference = Ids.New().ToString();
        var held = await world.Holds.HoldAsync(
            tenant.Id, plan, new BillingPortal.Usage.HoldRequest("voice", 5, reference, ExpiresIn: null));
        await world.Holds.CaptureAsync(tenant.Id, held.HoldId!.Value, 1 + _random.Next(8));
    }

    private async Task CorrectAsync()
    {
        await using var unit = await postgres.Database.BeginAsync(tenant.Id);
        var wrong = await unit.Db.Set<Entry>().AsNoTracking().Where(entry => entry.Unit == plan && entry.Kind == EntryKind.Usage)
            .OrderBy(entry => entry.Seq).FirstOrDefaultAsync();
        await PostAsync(
            LedgerOperation.Credit, EntryKind.Correction, wrong?.Service ?? "voice", posting => posting with { ReversesSeq = wrong?.Seq });
    }

    private Task OtherAsync() => _random.Next(4) switch
    {
        0 => PostAsync(LedgerOperation.Debit, EntryKind.Expiry, service: null),
        1 => PostAsync(LedgerOperation.ClawBack, EntryKind.Refund, service: null),
        2 => PostAsync(LedgerOperation.Debit, EntryKind.Adjustment, service: null),
        _ => PostAsync(LedgerOperation.Debit, EntryKind.SetUp, ServiceCodes.NumberSetUp),
    };

    private async Task PostAsync(
        LedgerOperation operation, EntryKind kind, string? service, Func<Posting, Posting>? with = null)
    {
        var posting = tenant.Posting(operation, Amount.Of(1 + _random.Next(40), plan)) with
        {
            Kind = kind,
            Service = service,
            OccurredAt = At(),
        };
        Assert.True((await tenant.Ledger.PostAsync(with?.Invoke(posting) ?? posting)).IsPosted);
    }

    private DateTimeOffset At() => world.Clock.GetUtcNow().AddMinutes(-_random.Next(70 * 24 * 60));

    private string Pick(params string[] from) => from[_random.Next(from.Length)];
}
