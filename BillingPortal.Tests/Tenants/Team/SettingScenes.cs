using BillingPortal.Alerts;
using BillingPortal.AutoRecharge;
using BillingPortal.Cards;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.Notifications;
using BillingPortal.PhoneNumbers;
using BillingPortal.Providers.Payments;
using BillingPortal.Settlement;
using BillingPortal.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants.Team;

/// <summary>Every setting of a tenant, changed as its page or endpoint changes it: the table of <see cref="SettingLinesTests"/>.</summary>
internal sealed class SettingScenes(TeamPortal portal, Tenant tenant, string email)
{
    private const string Peer = "+14155550199";

    /// <summary>By the line's action; what comes before it made ready first.</summary>
    public IReadOnlyDictionary<string, Func<Task>> All => new Dictionary<string, Func<Task>>
    {
        ["auto_recharge.changed"] = () => RechargeAsync(new RechargeChange { Enabled = true, Threshold = 20, Amount = 100 }),
        ["auto_recharge.usage_confirmed"] = async () =>
        {
            await RechargeAsync(new RechargeChange { Threshold = 30 });
            await Get<RechargeSettings>().ConfirmSpikeAsync(tenant.Id, userId: null);
        },
        ["card.added"] = async () => await CardAsync("pm_added", "4242"),
        ["card.made_default"] = async () =>
        {
            await CardAsync("pm_one", "1111");
            await CardAsync("pm_two", "2222");
            await InUnitAsync(unit => Get<CardRows>().MakeDefaultAsync(unit, tenant.Id, Id("pm_two"), default));
        },
        ["card.removed"] = async () =>
        {
            await CardAsync("pm_gone", "3333");
            await InUnitAsync(unit => Get<CardRows>().RemoveAsync(unit, tenant.Id, Id("pm_gone"), default));
        },
        ["cards.reordered"] = async () =>
        {
            await CardAsync("pm_first", "4444");
            await CardAsync("pm_second", "5555");
            var cards = await Get<CardService>().ListAsync(tenant.Id);
            await Get<CardService>().ReorderAsync(tenant.Id, [.. cards.Select(card => card.Id).Reverse()]);
        },
        ["settlement_mode.changed"] = () => Get<PlanService>().ChangeModeAsync(tenant.Id, SettlementMode.Immediate, userId: null),
        ["plan.changed"] = () => Get<PlanService>().ChangePlanAsync(tenant.Id, Unit.Usd, userId: null),
        ["sms_settings.changed"] = () =>
            Get<SmsSettingsService>().SaveAsync(tenant.Id, new SmsSettingsChange(["US"], "We are closed.", PerMinuteMax: 5)),
        ["opt_out.added"] = () => Get<SmsOptOutService>().AddAsync(tenant.Id, "+14155550100", Peer),
        ["opt_out.removed"] = async () =>
        {
            await Get<SmsOptOutService>().AddAsync(tenant.Id, "+14155550101", Peer);
            Assert.True(await Get<SmsOptOutService>().RemoveAsync(tenant.Id, "+14155550101", Peer));
        },
        ["number.bought"] = async () =>
        {
            var number = await NumberAsync(PhoneNumberState.Buying);
            await Get<NumberSetUp>().BoughtAsync(tenant.Id, number, $"PN{Ids.New():N}");
        },
        ["number.named"] = async () =>
            await Get<PhoneNumberService>().LabelAsync(tenant.Id, await NumberAsync(PhoneNumberState.Active), "Reception"),
        ["number.released"] = async () =>
            await Get<PhoneNumberService>().ReleaseAsync(tenant.Id, await NumberAsync(PhoneNumberState.Active)),
        ["alert_threshold.changed"] = () =>
            Get<BalanceCheck>().SaveAsync(tenant.Id, Unit.Credits, threshold: 77, new MailChange(), userId: null),
        ["mail_settings.changed"] = () => Get<MailSettings>().SaveAsync(tenant.Id, new MailChange { ToViewers = true }, userId: null),
        ["mail_address.cleared"] = async () =>
        {
            await InUnitAsync(unit =>
            {
                unit.Db.Add(new FlaggedAddress { TenantId = tenant.Id, Address = "dead@tests.example", FlaggedAt = Now });
                return Task.CompletedTask;
            });
            Assert.True(await Get<MailSettings>().ClearFlagAsync(tenant.Id, "dead@tests.example", userId: null));
        },
        ["profile.changed"] = () => PersonAsync((_, user) => user.Name = "Ann Smith"),
        ["two_step.changed"] = () => PersonAsync((_, user) => user.IsTwoFactorEnabled = true),
    };

    private DateTimeOffset Now => Get<TimeProvider>().GetUtcNow();

    private T Get<T>()
        where T : notnull => portal.Services.GetRequiredService<T>();

    private string Id(string card) => $"{card}_{tenant.Id:N}";

    private async Task RechargeAsync(RechargeChange change) =>
        Assert.Null((await Get<RechargeSettings>().SaveAsync(tenant.Id, change, RechargeDoor.Portal)).Problem);

    private Task CardAsync(string id, string last4) => InUnitAsync(unit => Get<CardRows>().StoreAsync(
        unit, tenant.Id,
        new PaymentMethod(
            Id(id), "card", "cus_test", new CardDetails("visa", last4, 12, 2031, Id(id), "credit", "US"), LiveMode: false, Now),
        default));

    private async Task<Guid> NumberAsync(PhoneNumberState state)
    {
        var id = Ids.New();
        var isOurs = state is PhoneNumberState.Active;
        await InUnitAsync(unit =>
        {
            unit.Db.Add(new PhoneNumber
            {
                Id = id,
                TenantId = tenant.Id,
                Number = $"+1{Random.Shared.NextInt64(2_000_000_000, 9_999_999_999)}",
                Country = "US",
                ProviderSid = isOurs ? $"PN{id:N}" : null,
                State = state,
                Unit = Unit.Credits,
                AnchorDay = 20,
                NextBillingDate = isOurs ? Now.AddMonths(1) : null,
                AcquiredAt = isOurs ? Now : null,
                AskedAt = isOurs ? null : Now,
                CreatedAt = Now,
            });
            return Task.CompletedTask;
        });
        return id;
    }

    private async Task PersonAsync(Action<UserManager<User>, User> change)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByEmailAsync(email))!;
        change(users, user);
        Assert.True((await users.UpdateAsync(user)).Succeeded);
    }

    private async Task InUnitAsync(Func<BillingPortal.Data.UnitOfWork, Task> work)
    {
        await using var unit = await portal.Database.BeginOpsAsync();
        await work(unit);
        await unit.CommitAsync();
    }
}
