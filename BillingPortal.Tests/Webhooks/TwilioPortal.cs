using System.Net.Http.Headers;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.PhoneNumbers;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Voice;
using BillingPortal.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Webhooks;

/// <summary>A portal behind a public address, called the way Twilio calls it. Its inbox is worked off by the test.</summary>
public sealed class TwilioPortal : PortalHost
{
    public const string PublicUrl = "https://portal.example";
    public const string Token = SandboxDefaults.TwilioAuthToken;
    public const string Account = SandboxDefaults.TwilioAccountSid;

    private static int _numbers;

    public InboxDrain Drain => Services.GetRequiredService<InboxDrain>();

    public Database Database => Services.GetRequiredService<Database>();

    public DateTimeOffset Now => Services.GetRequiredService<TimeProvider>().GetUtcNow();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
    [
        new("App:PublicUrl", PublicUrl),
        new("Http:ProviderRequestsPerMinute", "1000000"),
        new("Twilio:ApiBase", "http://127.0.0.1:9"), // nobody answers
        new("Twilio:MaxRetries", "0"),
    ];

    public static string NewSid(string kind) => kind + Ids.New().ToString("N");

    /// <summary>What Twilio would send about one message or call, whole and true.</summary>
    public static TwilioCall Genuine(string path, string sid, string to = "+15005550006") => new(
        path,
        path.EndsWith("/voice", StringComparison.Ordinal)
            ?
            [
                ("CallSid", sid), ("AccountSid", Account), ("From", "+15551230001"), ("To", to),
                ("CallStatus", "completed"), ("CallDuration", "61"), ("Direction", "inbound"), ("ApiVersion", "2010-04-01"),
            ]
            :
            [
                ("MessageSid", sid), ("AccountSid", Account), ("From", "+15551230001"), ("To", to),
                ("Body", " Hello & good-bye "), ("NumSegments", "1"), ("NumMedia", "0"), ("MessageStatus", "delivered"),
            ]);

    /// <summary>Sends it and says what came back.</summary>
    public async Task<(int Status, string Text, string? ContentType)> SendAsync(TwilioCall call)
    {
        using var client = Browser();
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Target);
        if (call.Method != "GET")
        {
            var bytes = call.Bytes ?? Encoding.UTF8.GetBytes(call.Form);
            request.Content = call.IsChunked ? new StreamContent(new MemoryStream(bytes)) : new ByteArrayContent(bytes);
            request.Content.Headers.ContentType =
                call.ContentType is null ? null : MediaTypeHeaderValue.Parse(call.ContentType);
            request.Headers.TransferEncodingChunked = call.IsChunked;
        }

        if (call.Signature is { } signature)
        {
            request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        }

        using var answer = await client.SendAsync(request);
        return (
            (int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
            answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>The rows of the inbox about a message or call.</summary>
    public async Task<List<WebhookEvent>> RowsAsync(string sid)
    {
        await using var unit = await Database.BeginOpsAsync();
        return await unit.Db.Set<WebhookEvent>().AsNoTracking()
            .Where(row => row.Provider == "twilio" && row.EventId.StartsWith(sid)).ToListAsync();
    }

    public async Task<VoiceCall?> CallAsync(string sid)
    {
        await using var unit = await Database.BeginOpsAsync();
        return await unit.Db.Set<VoiceCall>().AsNoTracking().SingleOrDefaultAsync(row => row.CallSid == sid);
    }

    /// <summary>Every event has been worked off, by this or the background drain.</summary>
    public async Task<List<WebhookEvent>> SettledAsync(string sid)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            await Drain.DrainAsync();
            var rows = await RowsAsync(sid);
            if (rows.TrueForAll(row => row.State is not EventState.Pending))
            {
                return rows;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60),
                string.Join(", ", rows.Select(row => $"{row.Type} {row.State} {row.LastError}")));
            await Task.Delay(20);
        }
    }

    /// <summary>A tenant with a number of its own and a balance.</summary>
    public async Task<(Tenant Tenant, string Number)> TenantWithNumberAsync(decimal balance, Unit plan = Unit.Credits)
    {
        var tenant = await TenantAsync(plan);
        var number = $"+1500666{Interlocked.Increment(ref _numbers):0000}";
        await using (var unit = await Database.BeginOpsAsync())
        {
            unit.Db.Add(new PhoneNumber
            {
                Id = Ids.New(),
                TenantId = tenant.Id,
                Number = number,
                Country = "US",
                ProviderSid = NewSid("PN"),
                State = PhoneNumberState.Active,
                Unit = plan,
                AnchorDay = 1,
                NextBillingDate = Now.AddDays(30),
                CreatedAt = Now,
                AcquiredAt = Now,
            });
            await unit.CommitAsync();
        }

        await Services.GetRequiredService<LedgerWriter>().PostAsync(new Posting
        {
            TenantId = tenant.Id,
            Operation = LedgerOperation.Credit,
            Amount = Amount.Of(balance, plan),
            Kind = EntryKind.Purchase,
            Counter = CounterAccount.CardClearing,
            Key = Ids.New(),
            CauseType = "test",
            OccurredAt = Now,
        });
        return (tenant, number);
    }

    public Task<Balance> BalanceAsync(Tenant tenant) =>
        Services.GetRequiredService<BalanceReader>().ReadAsync(tenant.Id, tenant.Plan);
}

/// <summary>One call of a webhook address; genuine until a test changes something.</summary>
public sealed record TwilioCall(string Path, (string Name, string Value)[] Fields)
{
    private readonly string? _signature;

    public string Method { get; init; } = "POST";

    public string Query { get; init; } = "";

    public string Target => Path + Query;

    /// <summary>The body, unless it is made of the fields.</summary>
    public byte[]? Bytes { get; init; }

    public string? ContentType { get; init; } = "application/x-www-form-urlencoded";

    public bool IsChunked { get; init; }

    public string Form => string.Join(
        '&', Fields.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>Right for these fields, unless a test gives another.</summary>
    public string? Signature
    {
        get => _signature is null ? SignedFor(TwilioPortal.PublicUrl + Target) : _signature.Length == 0 ? null : _signature;
        init => _signature = value ?? "";
    }

    public string SignedFor(string address, string token = TwilioPortal.Token) =>
        TwilioSignature.Of(token, address, Method == "GET" || Query.Contains("bodySHA256", StringComparison.Ordinal) ? [] : Fields);

    public string Value(string name) => Fields.First(field => field.Name == name).Value;

    public TwilioCall With(string name, string value) =>
        this with { Fields = [.. Fields.Select(field => field.Name == name ? (name, value) : field)] };

    public TwilioCall Without(string name) => this with { Fields = [.. Fields.Where(field => field.Name != name)] };

    public TwilioCall And(string name, string value) => this with { Fields = [.. Fields, (name, value)] };

    /// <summary>As it is now with the signature of <paramref name="other"/>.</summary>
    public TwilioCall SignedAs(TwilioCall other) => this with { Signature = other.Signature };

    /// <summary>The fields as JSON, with its hash in the address.</summary>
    public TwilioCall AsJson(string? json = null, Func<string, string>? hash = null)
    {
        var bytes = Encoding.UTF8.GetBytes(json ?? System.Text.Json.JsonSerializer.Serialize(
            Fields.ToDictionary(pair => pair.Name, pair => pair.Value)));
        var right = TwilioSignature.HashOf(bytes);
        return this with { Bytes = bytes, ContentType = "application/json", Query = $"?bodySHA256={hash?.Invoke(right) ?? right}" };
    }

    public override string ToString() => $"{Method} {Path}";
}
