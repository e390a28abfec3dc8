using BillingPortal.Documents.Receipts;
using BillingPortal.Kernel;
using BillingPortal.Messaging;
using BillingPortal.PhoneNumbers;
using BillingPortal.Purchases;
using BillingPortal.Support;
using BillingPortal.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Desk;

/// <summary>A tenant is found by anything that a caller can read out, and the desk says by what.</summary>
public sealed class TenantSearchTests(DeskScene scene) : IClassFixture<DeskScene>
{
    private TenantSearch Search => scene.Portal.Services.GetRequiredService<TenantSearch>();

    [Fact]
    public async Task By_everything_that_a_payment_is_known_by()
    {
        var (buyer, purchase) = await scene.BoughtAsync();
        var refund = await scene.Refunds.RequestAsync(await scene.AgentAsync(), DeskScene.Part(purchase, 100));
        var receipt = await scene.Portal.Services.GetRequiredService<ReceiptService>().IssueAsync(purchase.Id);

        await FoundAsync(buyer.Id, buyer.CustomerId, "Stripe customer");
        await FoundAsync(buyer.Id, purchase.PaymentIntentId!, "Payment pi_");
        await FoundAsync(buyer.Id, purchase.PaymentMethodId!, "Card pm_");
        await FoundAsync(buyer.Id, purchase.ChargeId!, "Charge");
        await FoundAsync(buyer.Id, refund.Action!.RefundId!, "Refund re_");
        await FoundAsync(buyer.Id, purchase.Id.ToString(), "Payment ");
        await FoundAsync(buyer.Id, PurchaseTexts.ReceiptNumber(purchase), "Payment R-");
        await FoundAsync(buyer.Id, receipt!.Receipt.Text, "Receipt BP-");
        await FoundAsync(buyer.Id, buyer.Id.ToString(), "Tenant ");
    }

    [Fact]
    public async Task By_a_members_address_or_how_it_begins()
    {
        var tenant = await scene.Portal.TenantAsync();
        var email = await scene.Portal.PersonAsync(tenant, MemberRole.Owner);

        await FoundAsync(tenant.Id, email.ToUpperInvariant(), $"Member {email}");
        await FoundAsync(tenant.Id, email[..20], $"Member {email}");
    }

    [Fact]
    public async Task By_a_phone_number_and_a_message_of_either_sides_id()
    {
        var tenant = await scene.Portal.TenantAsync();
        var now = TimeProvider.System.GetUtcNow();
        var number = "+1415" + Random.Shared.Next(1_000_000, 9_999_999);
        var message = new SmsMessage
        {
            Id = Ids.New(),
            TenantId = tenant.Id,
            Direction = SmsDirection.Outbound,
            Number = number,
            Peer = "+14155550123",
            Country = "US",
            Body = "Hello",
            Segments = 1,
            State = SmsState.Sent,
            Payment = SmsPayment.Free,
            Unit = Unit.Credits,
            PriceE4 = 0,
            ProviderSid = "SM" + Ids.New().ToString("N"),
            CreatedAt = now,
            UpdatedAt = now,
        };
        await using (var unit = await scene.Portal.Database.BeginOpsAsync())
        {
            unit.Db.Add(message);
            unit.Db.Add(new PhoneNumber
            {
                Id = Ids.New(),
                TenantId = tenant.Id,
                Number = number,
                Country = "US",
                ProviderSid = "PN" + Ids.New().ToString("N"),
                State = PhoneNumberState.Active,
                Unit = Unit.Credits,
                AnchorDay = 1,
                NextBillingDate = now.AddMonths(1),
                CreatedAt = now,
                AcquiredAt = now,
            });
            await unit.CommitAsync();
        }

        await FoundAsync(tenant.Id, number, $"Phone number {number}");
        await FoundAsync(tenant.Id, number[2..], $"Phone number {number}"); // without the country
        await FoundAsync(tenant.Id, message.ProviderSid!, "Message SM");
        await FoundAsync(tenant.Id, message.Id.ToString(), "Message ");
    }

    [Fact]
    public async Task By_the_beginnings_of_the_words_of_its_name_in_any_order()
    {
        var word = "q" + Ids.New().ToString("N")[^10..];
        var tenant = await scene.Portal.TenantAsync(name: $"Bergmann & {word} Telefonie");

        await FoundAsync(tenant.Id, $"{word} berg", "Name");
        await FoundAsync(tenant.Id, word[..9].ToUpperInvariant(), "Name");
        await FoundAsync(tenant.Id, tenant.Slug, "Name");
        Assert.Empty((await Search.FindAsync($"{word} nobody")).Rows);
        Assert.Empty((await Search.FindAsync(new string('x', SearchTerm.LengthMax + 1))).Rows);
    }

    [Fact]
    public async Task The_list_goes_on_page_by_page_and_misses_nobody()
    {
        var word = "z" + Ids.New().ToString("N")[^10..];
        for (var i = 0; i < TenantSearch.PageSize + 3; i++)
        {
            await scene.Portal.TenantAsync(name: $"{word} {i % 4}"); // the same name several times
        }

        var seen = new List<Guid>();
        TenantCursor? next = null;
        do
        {
            var page = await Search.FindAsync(word, next);
            Assert.True(page.Rows.Count <= TenantSearch.PageSize);
            seen.AddRange(page.Rows.Select(row => row.Id));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(TenantSearch.PageSize + 3, seen.Distinct().Count());
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.NotEmpty((await Search.FindAsync("")).Rows);
    }

    private async Task FoundAsync(Guid tenantId, string text, string reason)
    {
        var row = Assert.Single((await Search.FindAsync(text)).Rows, row => row.Id == tenantId);
        Assert.StartsWith(reason, row.Reason, StringComparison.Ordinal);
    }
}
