using System.Globalization;
using System.Text;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;
using CsvHelper;

namespace BillingPortal.Wallet;

/// <summary>
/// Writes transactions as CSV while it reads them: memory stays flat however many there are, and no transaction of the
/// database waits for a slow reader. Texts that a spreadsheet would run as a formula are escaped.
/// </summary>
public sealed class TransactionExporter(TransactionReader transactions)
{
    private const int RowsAtOnce = 1_000;
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public async Task WriteAsync(
        Stream output, Guid tenantId, string timeZone, TransactionFilter filter,
        CancellationToken cancellationToken = default)
    {
        await using var text = new StreamWriter(
            output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using var csv = new SafeCsvWriter(text);
        WriteHeader(csv);
        await csv.NextRecordAsync();
        TransactionCursor? next = null;
        do
        {
            var page = await transactions.PageAsync(tenantId, timeZone, filter, next, RowsAtOnce, cancellationToken);
            foreach (var row in page.Rows)
            {
                Write(csv, row);
                await csv.NextRecordAsync();
            }

            await csv.FlushAsync();
            await text.FlushAsync(cancellationToken);
            next = page.Next;
        }
        while (next is not null);
    }

    private static void WriteHeader(CsvWriter csv)
    {
        foreach (var column in new[]
        {
            "id", "occurred_at", "posted_at", "kind", "service", "amount", "unit", "balance_before", "balance_after",
            "reference", "description", "cause_type", "cause_id",
        })
        {
            csv.WriteField(column);
        }
    }

    private static void Write(CsvWriter csv, Transaction row)
    {
        csv.WriteField(row.Id);
        csv.WriteField(row.OccurredAt.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
        csv.WriteField(row.PostedAt.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture));
        csv.WriteField(TextCodes.Of(row.Kind));
        csv.WriteField(row.Service);
        csv.WriteField(row.Amount.ToDecimal());
        csv.WriteField(row.Unit.ToCode());
        csv.WriteField(row.BalanceBefore.ToDecimal());
        csv.WriteField(row.BalanceAfter.ToDecimal());
        csv.WriteField(row.Reference);
        csv.WriteField(TransactionText.Describe(row));
        csv.WriteField(row.CauseType);
        csv.WriteField(row.CauseId);
    }
}
