using System.Globalization;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;
using CsvHelper;

namespace BillingPortal.Messaging;

/// <summary>
/// Writes messages as CSV while it reads them: memory stays flat however many there are, and no transaction of the
/// database waits for a slow reader. Texts that a spreadsheet would run as a formula are escaped.
/// </summary>
public sealed class SmsExporter(SmsReader messages)
{
    private const int RowsAtOnce = 1_000;
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] Columns =
    [
        "id", "created_at", "direction", "from", "to", "country", "state", "segments", "price", "unit", "payment",
        "error_code", "provider_id", "entry", "updated_at", "text",
    ];

    public async Task WriteAsync(
        Stream output, Guid tenantId, SmsFilter filter, CancellationToken cancellationToken = default)
    {
        await using var text = new StreamWriter(
            output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using var csv = new SafeCsvWriter(text);
        foreach (var column in Columns)
        {
            csv.WriteField(column);
        }

        await csv.NextRecordAsync();
        SmsCursor? next = null;
        do
        {
            var page = await messages.PageAsync(tenantId, filter, next, RowsAtOnce, cancellationToken);
            foreach (var row in page.Rows)
            {
                Write(csv, row.Message, row.EntrySeq);
                await csv.NextRecordAsync();
            }

            await csv.FlushAsync();
            await text.FlushAsync(cancellationToken);
            next = page.Next;
        }
        while (next is not null);
    }

    private static void Write(CsvWriter csv, SmsMessage message, long? entrySeq)
    {
        csv.WriteField(message.Id);
        csv.WriteField(At(message.CreatedAt));
        csv.WriteField(TextCodes.Of(message.Direction));
        csv.WriteField(message.From);
        csv.WriteField(message.To);
        csv.WriteField(message.Country);
        csv.WriteField(TextCodes.Of(message.State));
        csv.WriteField(message.Segments);
        csv.WriteField(new Amount(message.PriceE4, message.Unit).ToDecimal());
        csv.WriteField(message.Unit.ToCode());
        csv.WriteField(TextCodes.Of(message.Payment));
        csv.WriteField(message.ErrorCode);
        csv.WriteField(message.ProviderSid);
        csv.WriteField(entrySeq is { } seq ? $"{message.Unit.ToCode()}-{seq}" : null);
        csv.WriteField(At(message.UpdatedAt));
        csv.WriteField(message.Body);
    }

    private static string At(DateTimeOffset time) => time.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture);
}
