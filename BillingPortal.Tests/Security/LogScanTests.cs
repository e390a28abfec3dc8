using System.Text;
using BillingPortal.Tests.Support;

namespace BillingPortal.Tests.Security;

/// <summary>
/// The logs that a test run leaves in <c>out/logs</c> hold no secret and nobody's data. <c>./test</c> runs this once more at its end, when
/// every portal and process of the run has written all it had to say.
/// </summary>
public sealed class LogScanTests
{
    [Fact]
    public async Task The_logs_of_this_run_hold_no_secret_and_nobodys_data()
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var folder = Directory.Exists(TestLog.Folder) ? Directory.GetFiles(TestLog.Folder, "*.log") : [];
        foreach (var file in folder)
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            foreach (var finding in LogScanner.Scan(await reader.ReadToEndAsync()))
            {
                found[$"{Path.GetFileName(file)}: {finding}"] = found.GetValueOrDefault(finding) + 1;
            }
        }

        Assert.True(found.Count == 0, $"{found.Count} finds, the first:\n{string.Join('\n', found.Keys.Take(60))}");
    }

    // A leak of each kind, as a careless line would write it.
    [Theory]
    [InlineData("API key", "key bp_live_0123456789abcdef0123 was used")]
    [InlineData("provider key", "calling with sk_test_sandbox")]
    [InlineData("provider key", "calling with re_sandbox")]
    [InlineData("provider key", "AuthToken sandbox_twilio_token")]
    [InlineData("webhook secret", "checked against whsec_sandbox_stripe")]
    [InlineData("client secret", "intent pi_3abc_secret_9xyz made")]
    [InlineData("password", "Host=db;Username=portal_app;Password=hunter2;Database=x")]
    [InlineData("password", "tried sandbox-Passw0rd")]
    [InlineData("setting's secret", "got sandbox-cron-secret")]
    [InlineData("bearer token", "Authorization: Bearer abcdefghijklmnop")]
    [InlineData("signed token", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln")]
    [InlineData("protected payload", "cookie CfDJ8Jabcdefghijklmnop")]
    [InlineData("one-time code", "/reset?code=AbCdEfGhIjKlMnOp")]
    [InlineData("email address", "mail to ann.lee@acme.example failed")]
    [InlineData("phone number", "To=+15005550006")]
    [InlineData("phone number", "Numbers/%2B15005550006.json")]
    [InlineData("card number", "paid with 4242 4242 4242 4242")]
    [InlineData("card number", "paid with 378282246310005")]
    public void A_leak_is_found(string kind, string line) =>
        Assert.Contains(LogScanner.Scan(line), finding => finding.StartsWith(kind, StringComparison.Ordinal));

    // What a log may say: ids, amounts, times, addresses of our own, masked forms, the last four digits.
    [Theory]
    [InlineData("Purchase 01938a2e-4242-7242-8242-424242424242 settled by pi_3Qabc: 650 cents, card **** 4242")]
    [InlineData("2026-11-20T12:00:00.0000000+00:00 took 12.5 ms, http://127.0.0.1:5080/api/usage")]
    [InlineData("[Parameters=[@p0='?' (DbType = Guid), @p1='?']] Bearer is the scheme; Password=****;")]
    [InlineData("Message SM0123456789abcdef0123456789abcdef of a***@acme.example to +1500…06")]
    public void What_a_log_may_say_is_left_alone(string line) => Assert.Empty(LogScanner.Scan(line));
}
