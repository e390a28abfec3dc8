using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Tests.Purchases;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Contract;

/// <summary>A tenant's program that calls addresses as the contract writes them, and what it needs to own for that.</summary>
internal sealed class ContractCaller(PaidPortal portal, Buyer buyer, HttpClient http)
{
    public Buyer Buyer => buyer;

    /// <summary>A tenant with a balance, and a program with all scopes.</summary>
    public static async Task<ContractCaller> WithAsync(PaidPortal portal, decimal balance = 1000, Unit plan = Unit.Credits)
    {
        var buyer = await portal.BuyerAsync(plan);
        if (balance > 0)
        {
            await portal.Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
            {
                TenantId = buyer.Id,
                Operation = LedgerOperation.Credit,
                Amount = Amount.Of(balance, plan),
                Kind = EntryKind.Purchase,
                Counter = CounterAccount.CardClearing,
                Key = Ids.New(),
                CauseType = "test",
                OccurredAt = TimeProvider.System.GetUtcNow(),
            });
        }

        return new ContractCaller(portal, buyer, await portal.ProgramAsync(buyer.Tenant));
    }

    /// <summary>The same portal, called with a shared secret.</summary>
    public ContractCaller With(string secret) => new(portal, buyer, portal.Bearer(secret));

    /// <summary>A row's first words, for example <c>GET /api/credits</c>, and a body.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> CallAsync(string call, string? body = null, string? key = null)
    {
        using var answer = await SendAsync(call, body, key is null ? [] : [("Idempotency-Key", key)]);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(text.StartsWith('{'), $"{call}: {(int)answer.StatusCode} {text}");
        return (answer.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Expects 200.</summary>
    public async Task<JsonElement> OkAsync(string call, string? body = null)
    {
        var (status, json) = await CallAsync(call, body);
        Assert.True(status is HttpStatusCode.OK, $"{call}: {(int)status} {json}");
        return json;
    }

    public async Task<HttpResponseMessage> SendAsync(
        string call, string? body, IEnumerable<(string Name, string Value)> headers, string type = "application/json")
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await http.SendAsync(request);
    }

    /// <summary>A number in service, known at the provider.</summary>
    public async Task<string> NumberAsync()
    {
        var number = await portal.Sandbox.Twilio.OwnNumberAsync();
        var now = TimeProvider.System.GetUtcNow();
        await using var unit = await portal.Database.BeginOpsAsync();
        unit.Db.Add(new PhoneNumber
        {
            Id = Ids.New(),
            TenantId = buyer.Id,
            Number = number,
            Country = "US",
            ProviderSid = string.Create(CultureInfo.InvariantCulture, $"PN{Ids.New():N}"),
            State = PhoneNumberState.Active,
            Unit = Unit.Credits,
            AnchorDay = 20,
            NextBillingDate = now.AddMonths(1),
            CreatedAt = now,
            AcquiredAt = now,
        });
        await unit.CommitAsync();
        return number;
    }
}
