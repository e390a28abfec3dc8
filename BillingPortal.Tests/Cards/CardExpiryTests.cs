using BillingPortal.Cards;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Alerts;
using BillingPortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.Tests.Cards;

/// <summary>A card that runs out on 31 December 2026, watched day by day.</summary>
public sealed class CardExpiryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task An_expiry_is_announced_30_and_7_days_before_and_then_the_card_is_expired()
    {
        var card = await SaveAsync(2026, 12);
        var mails = new List<int>();
        foreach (var day in Days(new DateOnly(2026, 11, 25), new DateOnly(2027, 1, 3)))
        {
            postgres.Clock.MoveTo(new DateTimeOffset(day, new TimeOnly(9, 0), TimeSpan.Zero));
            await Sweep().SweepAsync(100);
            mails.Add(await MailsAsync(card.TenantId));
        }

        Assert.Equal(2, mails[^1]);
        Assert.Equal(
            [30, 7], mails.Select((sent, day) => (sent, day)).Where(one => one.day > 0 && one.sent > mails[one.day - 1])
            .Select(one => new DateOnly(2026, 12, 31).DayNumber - new DateOnly(2026, 11, 25).AddDays(
                one.day).DayNumber));
        Assert.Equal(CardState.Expired, (await FindAsync(card)).State);
    }

    // Added five days before its end: one announcement, not two.
    [Fact]
    public async Task A_card_saved_late_is_announced_once()
    {
        postgres.Clock.MoveTo(new DateTimeOffset(2028, 2, 24, 9, 0, 0, TimeSpan.Zero));
        var card = await SaveAsync(2028, 2);

        await Sweep().SweepAsync(100);
        await Sweep().SweepAsync(100);

        Assert.Equal((1, CardState.Expiring), (await MailsAsync(card.TenantId), (await FindAsync(card)).State));
    }

    private static IEnumerable<DateOnly> Days(DateOnly from, DateOnly until) =>
        Enumerable.Range(0, until.DayNumber - from.DayNumber + 1).Select(from.AddDays);

    private CardExpiry Sweep()
    {
        var outbox = new OutboxWriter(postgres.Clock, new OutboxBell());
        var options = Options.Create(new CardsOptions());
        var mailer = new Mailer(outbox, postgres.Clock);
        var rows = new CardRows(outbox, null!, mailer, postgres.Clock, options);
        return new CardExpiry(
            postgres.Database, rows, mailer, postgres.Clock, options,
            Options.Create(new AppOptions { PublicUrl = new Uri("https://portal.example") }));
    }

    private async Task<SavedCard> SaveAsync(int year, int month)
    {
        var card = new SavedCard
        {
            Id = Ids.New(),
            TenantId = Ids.New(),
            PaymentMethodId = $"pm_{Ids.New():N}",
            Brand = "visa",
            Last4 = "4242",
            ExpYear = year,
            ExpMonth = month,
            State = CardState.Active,
            CreatedAt = postgres.Clock.GetUtcNow(),
        };
        await using var unit = await postgres.Database.BeginOpsAsync();
        unit.Db.Add(card);
        await unit.CommitAsync();
        return card;
    }

    private async Task<SavedCard> FindAsync(SavedCard card)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<SavedCard>().AsNoTracking().SingleAsync(row => row.Id == card.Id);
    }

    private async Task<int> MailsAsync(Guid tenantId)
    {
        await using var unit = await postgres.Database.BeginOpsAsync();
        return await unit.Db.Set<OutboxMessage>().CountAsync(message => message.TenantId == tenantId);
    }
}
