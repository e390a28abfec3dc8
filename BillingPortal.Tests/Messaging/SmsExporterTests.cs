using System.Text;
using BillingPortal.Messaging;
using BillingPortal.Tests.Support;
using static BillingPortal.Tests.Messaging.TestMessages;

namespace BillingPortal.Tests.Messaging;

public sealed class SmsExporterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private DateTimeOffset Now => postgres.Clock.GetUtcNow();

    // Anybody can write to a tenant's number; what they write must not run in the tenant's spreadsheet.
    [Fact]
    public async Task Texts_of_strangers_cannot_become_formulas()
    {
        var lines = await ExportAsync(
            Received(Now.AddMinutes(-1), body: "=HYPERLINK(\"http://evil\")"),
            Received(Now.AddMinutes(-2), body: "@SUM(A1)"),
            Received(Now.AddMinutes(-3), body: "+1+cmd|' /C calc'!A0"),
            Received(Now.AddMinutes(-4), body: "two\r\nlines, \"quoted\""),
            Received(Now.AddMinutes(-5), body: "-5"));

        Assert.Equal(
            "id,created_at,direction,from,to,country,state,segments,price,unit,payment,error_code,provider_id,entry,updated_at,text",
            lines[0]);
        Assert.EndsWith(",\"'=HYPERLINK(\"\"http://evil\"\")\"", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",\"'@SUM(A1)\"", lines[2], StringComparison.Ordinal);
        Assert.EndsWith(",\"'+1+cmd|' /C calc'!A0\"", lines[3], StringComparison.Ordinal);
        Assert.EndsWith("\"two", lines[4], StringComparison.Ordinal);
        Assert.Equal("lines, \"\"quoted\"\"\"", lines[5]);
        Assert.EndsWith(",-5", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_says_all_there_is_about_a_message()
    {
        var lines = await ExportAsync(
            Message(Now, SmsState.Undelivered, SmsPayment.Refunded, errorCode: 30003, body: "Hello"));

        Assert.Contains(
            ",2026-11-20T12:00:00.000Z,outbound,+12025550100,+12025550142,US,undelivered,1,5,credits,refunded,30003,,credits-1,",
            lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_pages_are_written_once_and_newest_first()
    {
        var lines = await ExportAsync(
            [.. Enumerable.Range(0, 2_345).Select(n => Message(Now.AddSeconds(-n / 3), body: $"n{n}"))]);

        var texts = lines.Skip(1).Select(line => int.Parse(line.Split(',')[^1][1..], null)).ToList();
        Assert.Equal(2_345, texts.Distinct().Count());
        Assert.Equal(texts.Select(n => n / 3), texts.Order().Select(n => n / 3));
    }

    private async Task<string[]> ExportAsync(params SmsMessage[] messages)
    {
        var tenant = await postgres.TenantWithAsync();
        await WriteAsync(postgres.Connections, tenant.Id, messages);
        var period = new SmsQuery().Judge(TimeZoneInfo.Utc, Now);
        using var file = new MemoryStream();
        await new SmsExporter(new SmsReader(postgres.Database)).WriteAsync(file, tenant.Id, period.Filter);
        return Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
