using System.Collections.Concurrent;
using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Ledger;
using BillingPortal.Tests.Webhooks;

namespace BillingPortal.Tests.Fuzz;

/// <summary>
/// Twilio's calls with spoilt fields, signatures and addresses: forged ones are kept nowhere, signed nonsense does no harm.
/// </summary>
public sealed class TwilioFuzzTests(TwilioPortal portal) : IClassFixture<TwilioPortal>
{
    private static readonly string[] Paths = ["/api/webhooks/twilio/sms", "/api/webhooks/twilio/status", "/api/webhooks/twilio/voice"];

    [Fact]
    public async Task A_call_that_was_changed_on_the_way_is_refused_and_kept_nowhere()
    {
        var before = await CountAsync();
        await EachAsync(800, async mutator =>
        {
            var call = Genuine(mutator, "+15005550006");
            var forged = mutator.Next(4) switch
            {
                0 => call with
                {
                    Signature = new string([.. mutator.Spoil("#" + call.Signature).Where(letter => letter is > ' ' and < (char)127), '#']),
                },
                1 => call.And(mutator.Pick((string[])["x", "Body", "From", "SmsSid"]), $"x{mutator.Text()}").SignedAs(call),
                2 => call.With(mutator.Pick(call.Fields).Name, $"x{mutator.Text()}").SignedAs(call),
                _ => (call with { Query = $"?x={Uri.EscapeDataString(Safe(mutator.Text()))}" }).SignedAs(call),
            };
            var (status, text, _) = await portal.SendAsync(forged);
            return status is >= 400 and < 500 ? null : $"{forged} {forged.Form} answered {status} {text}";
        });

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Signed_nonsense_is_taken_or_refused_and_the_books_add_up()
    {
        var (tenant, number) = await portal.TenantWithNumberAsync(balance: 500);
        await EachAsync(800, async mutator =>
        {
            var call = Genuine(mutator, number);
            for (var changes = mutator.Next(3); changes >= 0; changes--)
            {
                var name = mutator.Pick(call.Fields).Name;
                call = mutator.Next(4) switch
                {
                    0 => call.Without(name),
                    1 => call.And(name, Safe(mutator.Text())),
                    _ when name is "AccountSid" => call,
                    _ => call.With(name, Safe(mutator.Text())),
                };
                if (call.Fields.Length == 0)
                {
                    return null;
                }
            }

            var (status, text, _) = await portal.SendAsync(call);
            return status < 500 ? null : $"{call} {call.Form} answered {status} {text}";
        });

        await portal.Drain.DrainAsync();
        Assert.Empty((await new LedgerAudit(portal.Database, TimeProvider.System).RunAsync(full: true)).Violations);
        Assert.True((await portal.BalanceAsync(tenant)).Posted <= Amount.Credits(500));
        Assert.Empty(portal.Log.Lines.Where(line => line.StartsWith("Error ", StringComparison.Ordinal)).Take(3));
    }

    private static TwilioCall Genuine(Mutator mutator, string number)
    {
        var path = mutator.Pick(Paths);
        return TwilioPortal.Genuine(path, TwilioPortal.NewSid(path.EndsWith("voice", StringComparison.Ordinal) ? "CA" : "SM"), number);
    }

    // A lone half of a pair of surrogates has no bytes of its own, so what is signed would not be what is sent.
    private static string Safe(string text) =>
        text.Replace("\ud83d", "", StringComparison.Ordinal).Replace("😀", "", StringComparison.Ordinal);

    private static async Task EachAsync(int usual, Func<Mutator, Task<string?>> oneAsync)
    {
        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Mutator.Inputs(usual)), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (number, _) =>
            {
                if (await oneAsync(new Mutator(Mutator.Seed + number)) is { } fault)
                {
                    var seed = (Mutator.Seed + number).ToString(CultureInfo.InvariantCulture);
                    wrong.Add($"seed {seed}: {(fault.Length > 600 ? fault[..600] : fault)}");
                }
            });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong answers:\n{string.Join('\n', wrong.Order().Take(20))}");
    }

    private async Task<long> CountAsync()
    {
        await using var command = portal.Database.Ops.CreateCommand("SELECT count(*) FROM webhook_events WHERE object_id NOT LIKE 'none'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
