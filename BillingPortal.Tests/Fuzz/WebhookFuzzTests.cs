using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Tests.Webhooks;

namespace BillingPortal.Tests.Fuzz;

/// <summary>
/// Providers' calls with spoilt bytes, signatures and times. Unsigned: 400 and nothing kept. Signed nonsense: taken or refused, never a
/// failure, and nothing that it does to the books.
/// </summary>
public sealed class WebhookFuzzTests(FuzzPortal portal) : IClassFixture<FuzzPortal>
{
    private const string ResendPath = SvixSigner.Path;

    private static readonly string[] StripeTypes =
    [
        "payment_intent.succeeded", "payment_intent.payment_failed", "setup_intent.succeeded", "checkout.session.completed",
        "payment_method.attached", "customer.updated", "charge.refunded", "charge.dispute.created", "charge.dispute.funds_withdrawn",
    ];

    [Fact]
    public async Task Without_a_good_signature_nothing_is_kept()
    {
        var before = await KeptAsync();
        await EachAsync(1_500, async (mutator, number) =>
        {
            var (path, body, headers) = Genuine(mutator, number);
            switch (mutator.Next(4))
            {
                case 0:
                    body = mutator.Spoil(body);
                    break;
                case 1:
                    headers = [.. headers.Where(_ => mutator.Next(2) == 0)];
                    break;
                default:
                    var at = mutator.Next(headers.Count);
                    headers[at] = (headers[at].Name, Spoilt(mutator, headers[at].Value));
                    break;
            }

            // Spoilt twice may be whole again; then it is no forgery.
            var genuine = Genuine(new Mutator(Mutator.Seed + number), number);
            if (body.AsSpan().SequenceEqual(genuine.Body) && headers.SequenceEqual(genuine.Headers))
            {
                return null;
            }

            var status = await SendAsync(path, body, headers);
            return status is 400 ? null : $"{path} answered {status}";
        });

        Assert.Equal(before, await KeptAsync());
        await portal.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Signed_nonsense_does_no_harm()
    {
        var tenant = await portal.TenantAsync();
        await EachAsync(1_000, async (mutator, number) =>
        {
            var isStripe = mutator.Next(2) == 0;
            var like = JsonNode.Parse(isStripe
                ? StripeSigner.Event($"evt_{Ids.New():N}", mutator.Pick(StripeTypes), $"pi_{number}")
                : SvixSigner.Event(mutator.Pick((string[])["email.bounced", "email.delivered", "email.complained"])));
            var body = Encoding.UTF8.GetBytes(mutator.Json(like));
            body = mutator.Next(5) == 0 ? mutator.Spoil(body) : body;
            var status = await SendAsync(isStripe ? "/api/stripe/webhooks" : ResendPath, body, isStripe ? Stripe(body) : Resend(body));
            return status is 200 or 400 ? null : $"signed nonsense answered {status}: {Encoding.UTF8.GetString(body)}";
        });

        await portal.AssertUnharmedAsync();
        Assert.Equal(0, await PendingAsync());
        using var program = await portal.ProgramAsync(tenant);
        Assert.Contains("\"balance\":0", await program.GetStringAsync("/api/credits"), StringComparison.Ordinal);
    }

    private static async Task EachAsync(int usual, Func<Mutator, int, Task<string?>> oneAsync)
    {
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Mutator.Inputs(usual)), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (number, _) =>
            {
                if (await oneAsync(new Mutator(Mutator.Seed + number), number) is { } fault)
                {
                    wrong.Add($"seed {Mutator.Seed + number}: {(fault.Length > 600 ? fault[..600] : fault)}");
                }
            });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong answers:\n{string.Join('\n', wrong.Order().Take(20))}");
    }

    private static (string Path, byte[] Body, List<(string Name, string Value)> Headers) Genuine(Mutator mutator, int number)
    {
        var isStripe = mutator.Next(2) == 0;
        var body = Encoding.UTF8.GetBytes(isStripe ? StripeSigner.Event($"evt_fuzz_{number}") : SvixSigner.Event("contact.created"));
        return isStripe ? ("/api/stripe/webhooks", body, Stripe(body)) : (ResendPath, body, Resend(body, $"msg_fuzz_{number}"));
    }

    private static List<(string Name, string Value)> Stripe(byte[] body)
    {
        var seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{seconds}."), .. body];
        var hash = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(StripeSigner.Secret), signed);
        return [("Stripe-Signature", $"t={seconds},v1={Convert.ToHexStringLower(hash)}")];
    }

    private static List<(string Name, string Value)> Resend(byte[] body, string? id = null) =>
        [.. SvixSigner.Headers(id ?? $"msg_{Ids.New():N}", TimeProvider.System.GetUtcNow(), body, SvixSigner.Secret)
            .Select(header => (header.Key, header.Value))];

    // Any change that is left in the signed part of a header makes it another's.
    private static string Spoilt(Mutator mutator, string value) => mutator.Next(6) switch
    {
        0 => value[..(value.Length / 2)],
        1 => value.ToUpperInvariant() + "x",
        2 => value.Replace("v1", "v2", StringComparison.Ordinal) + "0",
        3 => "t=1,v1=" + new string('0', 64),
        4 => Convert.ToBase64String(Encoding.UTF8.GetBytes(value)),
        _ => new string([.. mutator.Spoil("#" + value[1..]).Where(letter => letter is > ' ' and < (char)127).Take(6_000), '#']),
    };

    private async Task<int> SendAsync(string path, byte[] body, IEnumerable<(string Name, string Value)> headers)
    {
        using var client = portal.Browser();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private async Task<long> KeptAsync()
    {
        await using var command = portal.Database.Ops.CreateCommand("SELECT count(*) FROM webhook_events WHERE event_id LIKE '%fuzz%'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // What is signed waits for nobody: it is worked off, ignored or put before a person.
    private async Task<long> PendingAsync()
    {
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            await using var command = portal.Database.Ops.CreateCommand(
                "SELECT count(*) FROM webhook_events WHERE state = 'pending' AND attempts = 0");
            var waiting = (long)(await command.ExecuteScalarAsync())!;
            if (waiting == 0 || TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(60))
            {
                return waiting;
            }

            await Task.Delay(50);
        }
    }
}
