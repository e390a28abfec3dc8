using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Invoices;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Purchases;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Tenants;
using BillingPortal.Tests.TenantWebhooks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Security;

/// <summary>A portal with one caller of each kind, all of its addresses, and things that belong to one tenant.</summary>
public sealed partial class PermissionPortal : PortalHost, IAsyncLifetime
{
    private const string CronSecret = "cron-secret-of-the-permission-tests";
    private const string BillingToken = "billing-token-of-the-permission-tests";

    private Tenant _tenant = null!;

    /// <summary>The kinds of callers, in the order of the table's columns.</summary>
    public IReadOnlyList<(string Name, HttpClient Http)> Callers { get; private set; } = [];

    public HttpClient Owner => Callers.Single(caller => caller.Name == "owner").Http;

    /// <summary>The owner of another tenant.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    /// <summary>An agent who looks at the owner's tenant.</summary>
    public HttpClient Viewing { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("Cron:Secret", CronSecret), new("Billing:CronToken", BillingToken), new("Metrics:Token", "metrics-token-of-nobody-here")];

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _tenant = await TenantAsync();
        Stranger = await SignedInAsync(await TenantAsync(), MemberRole.Owner);
        Viewing = await StaffAsync(StaffRole.Agent);
        await Looks.BeginAsync(Viewing, _tenant.Id);
        Callers =
        [
            ("nobody", Browser()),
            ("viewer", await SignedInAsync(_tenant, MemberRole.Viewer)),
            ("billing admin", await SignedInAsync(_tenant, MemberRole.BillingAdmin)),
            ("owner", await SignedInAsync(_tenant, MemberRole.Owner)),
            ("agent", await StaffAsync(StaffRole.Agent)),
            ("lead", await StaffAsync(StaffRole.Lead)),
            ("key: read", await ProgramAsync(_tenant, ApiScopes.Read)),
            ("key: usage", await ProgramAsync(_tenant, ApiScopes.Usage)),
            ("key: billing", await ProgramAsync(_tenant, ApiScopes.Billing)),
            ("cron", Bearer(CronSecret)),
            ("billing cron", Bearer(BillingToken)),
        ];
    }

    /// <summary>Every method and address, but files and the pages' own connection.</summary>
    public IReadOnlyList<(string Method, string Path)> Addresses() =>
    [
        .. from endpoint in Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
           where !path.StartsWith("/_", StringComparison.Ordinal) && path is not "/{**path:file}"
               && !endpoint.Metadata.Any(item => item.GetType().Name is "StaticAssetDescriptor")
           let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           // A page answers its own forms by POST at the same address, under the same policy.
           from method in methods.Contains("GET") ? ["GET"] : methods
           group (method, path) by (method, path) into one
           orderby one.Key.path, one.Key.method
           select one.Key,
    ];

    /// <summary>Asks with made-up ids, or with that one.</summary>
    public async Task<Answer> AskAsync(HttpClient caller, string address, Guid? id = null, string body = "{}")
    {
        var (method, path) = (address.Split(' ')[0], address.Split(' ')[1]);
        var filled = Parameter().Replace(
            path, part => part.Value.Contains(":int", StringComparison.Ordinal) ? "404" : $"{id ?? Ids.New()}");
        using var request = new HttpRequestMessage(new HttpMethod(method), filled);
        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await caller.SendAsync(request);
        var leadsToSignIn = response.Headers.Location?.ToString().Contains("/sign-in?returnUrl=", StringComparison.Ordinal) is true;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new(false, "401"),
            HttpStatusCode.Forbidden => new(false, "403"),
            HttpStatusCode.Found when leadsToSignIn => new(false, "sign in"),
            var status => new(true, $"{(int)status}"),
        };
    }

    /// <summary>For each address with an id: one of the owner's own.</summary>
    public async Task<IReadOnlyDictionary<string, (Guid Id, string Body)>> SamplesAsync()
    {
        var purchase = await PaidAsync();
        Assert.True((await GiveAsync(100_000)).IsPosted);
        return new Dictionary<string, (Guid Id, string Body)>
        {
            ["POST /api/usage/holds/{id:guid}/capture"] = (await HoldAsync(), """{"quantity":1}"""),
            ["POST /api/usage/holds/{id:guid}/extend"] = (await HoldAsync(), """{"quantity":1}"""),
            ["POST /api/usage/holds/{id:guid}/release"] = (await HoldAsync(), "{}"),
            ["GET /api/receipts/{purchaseId:guid}.pdf"] = (purchase, ""),
            ["GET /api/invoices/{invoiceId:guid}.pdf"] = (await InvoiceAsync(), ""),
            ["GET /api/webhook-endpoints/{id:guid}/deliveries.csv"] = (
                await StoredEndpoint.AddAsync(Services.GetRequiredService<Database>(), _tenant.Id, "https://example.com/hooks"), ""),
        };
    }

    private async Task<Guid> PaidAsync()
    {
        var (id, now) = (Ids.New(), TimeProvider.System.GetUtcNow());
        await using var unit = await Services.GetRequiredService<Database>().BeginOpsAsync();
        unit.Db.Add(new Purchase
        {
            Id = id,
            TenantId = _tenant.Id,
            Kind = PurchaseKind.OnSession,
            Unit = Unit.Credits,
            CreditsE4 = Amount.Credits(250).E4,
            PriceCents = 650,
            State = PurchaseState.Settled,
            AttemptKey = id.ToString(),
            PaymentIntentId = $"pi_{id:N}",
            CreatedAt = now,
            UpdatedAt = now,
            SettledAt = now,
        });
        await unit.CommitAsync();
        return id;
    }

    private async Task<Guid> InvoiceAsync()
    {
        Assert.Null(await Services.GetRequiredService<InvoiceTermsService>().SaveAsync(
            _tenant.Id, new TermsWish(IsApproved: true, DueDays: 14, LimitCents: 100_000, InvoiceCredit.OnPayment),
            Actor.System("test")));
        var sold = await Services.GetRequiredService<InvoiceService>().SellAsync(
            _tenant.Id, new StartPurchase { PackageId = "credits-250" }, Ids.New().ToString(), userId: null);
        return sold.InvoiceId ?? throw new InvalidOperationException(sold.ToString());
    }

    private async Task<Guid> HoldAsync()
    {
        using var answer = await Owner.PostAsJsonAsync(
            "/api/usage/holds", new { service = "voice", quantity = 2, reference_id = Ids.New().ToString() });
        return Guid.Parse((string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["holdId"]!);
    }

    private Task<PostResult> GiveAsync(long credits) => Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
    {
        TenantId = _tenant.Id,
        Operation = LedgerOperation.Credit,
        Amount = Amount.Credits(credits),
        Kind = EntryKind.Adjustment,
        Counter = CounterAccount.Adjustment,
        Key = Ids.New(),
        CauseType = "test",
        OccurredAt = TimeProvider.System.GetUtcNow(),
    });

    private async Task<HttpClient> StaffAsync(StaffRole role)
    {
        var email = $"{Ids.New():N}@portal.example";
        await TenantService.AddStaffAsync(new NewPerson(email, "Staff Person", Password), role);
        return await SignedInAsync(email);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    /// <summary>How a caller was answered: let in (whatever came of it), or how it was turned away.</summary>
    public sealed record Answer(bool IsLetIn, string Text);
}
