using BillingPortal.Alerts;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Notifications;
using BillingPortal.Outbox;
using BillingPortal.PhoneNumbers;
using BillingPortal.Pricing;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Notifications;

/// <summary>The watcher on a test's database and clock, and what it told.</summary>
internal sealed class WatchWorld(PostgresFixture postgres)
{
    private static readonly IOptions<NotificationsOptions> Options =
        Microsoft.Extensions.Options.Options.Create(new NotificationsOptions());

    private readonly PhoneNumberReader _numbers =
        new(postgres.Database, new PriceBook(postgres.Database, new PricingOptions()));

    /// <summary>A watcher with nothing in common with another but the database, as in another process.</summary>
    public AlertWatch Watch()
    {
        var candidates = new AlertCandidates(postgres.Database, postgres.Clock);
        return new AlertWatch(
            postgres.Database, candidates, new AlertJudge(candidates, _numbers, Mails(), Events(), postgres.Clock, Options),
            NullLogger<AlertWatch>.Instance);
    }

    public UpcomingCharges Upcoming() => new(
        postgres.Database, _numbers, new BalanceReader(postgres.Database), Mails(), postgres.Clock,
        NullLogger<UpcomingCharges>.Instance);

    public AlertReader Reader() => new(new BalanceReader(postgres.Database), _numbers, postgres.Clock, Options);

    /// <summary>A tenant with a topped-up account.</summary>
    public async Task<TestTenant> TenantAsync(decimal balance, Unit plan = Unit.Credits)
    {
        var tenant = await postgres.TenantWithAsync(
            credits: plan is Unit.Credits ? balance : 0, usd: plan is Unit.Usd ? balance : 0);
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(new Tenant
        {
            Id = tenant.Id,
            Slug = $"t{tenant.Id:N}",
            Name = "Acme",
            Plan = plan,
            CreatedAt = postgres.Clock.GetUtcNow(),
        });
        await unit.CommitAsync();
        return tenant;
    }

    public async Task<PhoneNumber> NumberAsync(
        Guid tenantId, DateTimeOffset next, Unit unit = Unit.Credits, PhoneNumberState state = PhoneNumberState.Active)
    {
        var number = new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = $"+1415{Random.Shared.NextInt64(1_000_000, 9_999_999)}",
            Country = "US",
            ProviderSid = $"PN{Ids.New():N}",
            State = state,
            Unit = unit,
            AnchorDay = next.Day,
            NextBillingDate = next,
            AcquiredAt = next.AddMonths(-1),
            CreatedAt = next.AddMonths(-1),
            SuspendedAt = state is PhoneNumberState.Suspended ? next : null,
            NextRetryAt = state is PhoneNumberState.Suspended ? next.AddDays(7) : null,
        };
        await using var work = await postgres.Database.BeginOpsAsync();
        work.Db.Add(number);
        await work.CommitAsync();
        return number;
    }

    /// <summary>Subjects of the mails that wait in the outbox, oldest first.</summary>
    public async Task<List<string>> MailsAsync(Guid tenantId)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        var messages = await unit.Db.Set<OutboxMessage>().AsNoTracking()
            .Where(message => message.TenantId == tenantId && message.Kind == QueuedEmail.MessageKind)
            .OrderBy(message => message.Id).ToListAsync();
        return messages.ConvertAll(message => message.Read<QueuedEmail>().Subject);
    }

    public async Task<List<Notification>> NoticesAsync(Guid tenantId)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<Notification>().AsNoTracking().Where(row => row.TenantId == tenantId)
            .OrderBy(row => row.Id).ToListAsync();
    }

    private TenantEvents Events() => new(new OutboxWriter(postgres.Clock, new OutboxBell()), postgres.Clock);

    private AlertMails Mails() => new(
        new Mailer(new OutboxWriter(postgres.Clock, new OutboxBell()), postgres.Clock),
        Microsoft.Extensions.Options.Options.Create(new AppOptions { PublicUrl = new Uri("https://portal.example") }));
}
