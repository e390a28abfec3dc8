using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Purchases;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Year;

/// <summary>One customer's year: what it does on a day is decided by its own random numbers and by nothing else.</summary>
internal sealed class YearTenant(YearWorld world, int number, int seed)
{
    private readonly Random _random = new((seed * 10_007) + number);
    private readonly List<string> _references = [];
    private string _customer = "";
    private string _card = "";
    private int _keys;

    public Guid Id { get; private set; }

    public Unit Plan { get; private set; } = number % 2 == 0 ? Unit.Credits : Unit.Usd;

    public string Customer => _customer;

    public string Slug => $"year-{number}";

    /// <summary>What happened, for a look at whether the year had everything in it.</summary>
    public Dictionary<string, int> Story { get; } = [];

    public async Task JoinAsync()
    {
        var tenant = await world.TenantService.CreateAsync(new NewTenant(Slug, $"Customer {number}", Plan));
        Id = tenant.Id;
        await world.TenantService.AddMemberAsync(
            Id, new NewPerson($"{Slug}@year.example", "Owner", PortalHost.Password), MemberRole.Owner);
        if (Plan is Unit.Usd && number % 4 == 1)
        {
            await world.Get<PlanService>().ChangeModeAsync(Id, SettlementMode.Immediate, userId: null);
        }

        _customer = await world.Get<CardService>().EnsureCustomerAsync(Id);
        _card = await SaveAsync("pm_card_visa");
        await BuyAsync(_card);
        if (number % 5 != 4)
        {
            await RechargeAsync();
        }
    }

    /// <summary>Every five days or so something happens.</summary>
    public async Task LiveAsync(DateTimeOffset now)
    {
        if (_random.Next(5) != 0)
        {
            return;
        }

        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(now);
        await world.CatchUpAsync();
        await (_random.Next(24) switch
        {
            0 or 1 or 2 => BuyAsync(_card),
            3 => BuyAsync(await SaveAsync(
                _random.Next(2) == 0 ? "pm_card_createDispute" : "pm_card_createDisputeProductNotReceived")),
            4 => BuyAsync(await SaveAsync("pm_card_chargeCustomerFail")),
            5 or 6 => RefundAsync(),
            7 or 15 or 16 => AnswerDisputeAsync(),
            8 => GrantAsync(now),
            9 or 17 or 18 => FallSickAsync(),
            10 or 11 => HealAsync(),
            12 or 13 => CallAsync(),
            14 when now.Month % 3 == 0 => SwitchPlanAsync(),
            _ => Task.CompletedTask,
        });
        await world.CatchUpAsync();
    }

    private async Task UseAsync(DateTimeOffset now)
    {
        string[] services = Plan is Unit.Credits
            ? ["voice", "sms_outbound", "email"]
            : ["voice", "sms_outbound", "email", "fax", "file_transfer"];
        var events = Enumerable.Range(0, _random.Next(3, 13)).Select(_ =>
        {
            var service = services[_random.Next(services.Length)];
            var reference = _random.Next(10) == 0 && _references.Count > 0
                ? _references[_random.Next(_references.Count)]
                : $"{Slug}-{_references.Count}";
            _references.Add(reference);
            var quantity = service == "voice" ? _random.Next(1, 60) / 10m : _random.Next(1, 9);
            var hours = _random.Next(_random.Next(20) == 0 ? 900 : 150);
            return new UsageEvent(service, quantity, reference, now.AddHours(-hours), Metadata: null);
        }).ToList();
        foreach (var result in await world.Get<UsageService>().RecordAsync(Id, Plan, events))
        {
            Note(result.Outcome.ToString());
        }
    }

    // A call that is held for ten minutes and ends after one to fifteen.
    private async Task CallAsync()
    {
        var holds = world.Get<UsageHoldService>();
        var held = await holds.HoldAsync(Id, Plan, new HoldRequest("voice", 10, $"{Slug}-call-{_keys++}", ExpiresIn: null));
        if (held.HoldId is not { } hold || held.Outcome is not HoldOutcome.Done)
        {
            Note("call refused");
            return;
        }

        world.Clock.Advance(TimeSpan.FromMinutes(15));
        Note($"call {(await holds.CaptureAsync(Id, hold, _random.Next(10, 150) / 10m)).Outcome}");
    }

    private async Task BuyAsync(string card)
    {
        var wish = Plan is Unit.Usd ? new StartPurchase { CustomAmount = _random.Next(10, 80), Unit = Unit.Usd }
            : _random.Next(2) == 0 ? new StartPurchase { PackageId = "credits-1000" }
            : new StartPurchase { CustomAmount = _random.Next(500, 6000) / 100m };
        var started = await world.Get<PurchaseService>().StartAsync(
            Id, wish with { PaymentMethodId = card }, $"{Slug}-{_keys++}");
        if (started.Purchase?.PaymentIntentId is { } intent)
        {
            // As the webhooks would: what became of the payment, and of a dispute that may have come with it.
            await world.Get<ReversalService>().RefreshAsync(intent);
        }

        Note($"purchase {started.Outcome}");
    }

    private async Task RefundAsync()
    {
        var paid = await PaymentsAsync(
            row => row.State == PurchaseState.Settled && row.Dispute == null && row.RefundedCents < row.PriceCents);
        if (paid.Count == 0)
        {
            return;
        }

        var purchase = paid[_random.Next(paid.Count)];
        var left = purchase.PriceCents - purchase.RefundedCents;
        var cents = _random.Next(2) == 0 ? left : _random.Next(1, left + 1);
        await world.Sandbox.Stripe.PostAsync("refunds", ("payment_intent", purchase.PaymentIntentId!), ("amount", $"{cents}"));
        await world.Get<ReversalService>().RefreshAsync(purchase.PaymentIntentId);
        Note("refund");
    }

    private async Task AnswerDisputeAsync()
    {
        foreach (var purchase in await PaymentsAsync(row => row.Dispute == DisputeState.Open))
        {
            var disputes = await world.Sandbox.Stripe.GetAsync($"disputes?payment_intent={purchase.PaymentIntentId}");
            var id = (string)disputes.Json["data"]![0]!["id"]!;
            var isWon = _random.Next(2) == 0;
            await world.Sandbox.Stripe.PostAsync(
                $"disputes/{id}", ("evidence[uncategorized_text]", isWon ? "winning_evidence" : "losing_evidence"));
            await world.Get<ReversalService>().RefreshDisputeAsync(id);
            Note(isWon ? "dispute won" : "dispute lost");
        }
    }

    private async Task GrantAsync(DateTimeOffset now)
    {
        var amount = Amount.Of(_random.Next(1, 400) / (Plan is Unit.Usd ? 100m : 1m), Plan);
        await world.Get<GrantService>().GiveAsync(
            Id, amount, now.Date.AddDays(_random.Next(3, 60)).ToUniversalTime(), "Spring promotion", $"promotion-{_keys++}");
        Note("grant");
    }

    private async Task FallSickAsync()
    {
        await world.Sandbox.DeclineCardAsync(_card, _random.Next(2) == 0 ? "insufficient_funds" : "do_not_honor");
        Note("card declined from now on");
    }

    private async Task HealAsync()
    {
        await world.Sandbox.DeclineCardAsync(_card, "");
        _card = await SaveAsync("pm_card_mastercard");
        await world.Get<CardService>().SetDefaultAsync(Id, _card);
    }

    private async Task SwitchPlanAsync()
    {
        var to = Plan is Unit.Usd ? Unit.Credits : Unit.Usd;
        if (await world.Get<PlanService>().ChangePlanAsync(Id, to, userId: null) is null)
        {
            Plan = to;
            Note("plan changed");
            await BuyAsync(_card);
            await RechargeAsync();
        }
    }

    private async Task RechargeAsync()
    {
        var saved = await world.Get<RechargeSettings>().SaveAsync(
            Id,
            new RechargeChange
            {
                Enabled = true,
                Threshold = Plan is Unit.Usd ? 10 : 100,
                Amount = Plan is Unit.Usd ? 20 : 500,
                MonthlyLimit = 400,
            },
            RechargeDoor.Portal);
        Assert.Null(saved.Problem);
    }

    private async Task<string> SaveAsync(string card)
    {
        var id = await world.Sandbox.Stripe.SavedCardAsync(_customer, card);
        var saved = await world.Get<CardService>().SaveAsync(id, Id);
        Assert.Equal(SaveOutcome.Saved, saved.Outcome);
        return saved.Card!.PaymentMethodId;
    }

    private async Task<List<Purchase>> PaymentsAsync(System.Linq.Expressions.Expression<Func<Purchase, bool>> which)
    {
        await using var unit = await world.Get<BillingPortal.Data.Database>().BeginAsync(Id);
        return await unit.Db.Set<Purchase>().AsNoTracking().Where(which)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync();
    }

    private void Note(string what) => Story[what] = Story.GetValueOrDefault(what) + 1;
}
