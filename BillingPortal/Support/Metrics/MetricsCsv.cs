using System.Globalization;
using System.Text;
using BillingPortal.Web;

namespace BillingPortal.Support.Metrics;

/// <summary>What the page shows, for a spreadsheet: one section after the other, the same columns. Texts cannot become formulas.</summary>
internal static class MetricsCsv
{
    private static readonly string[] Columns =
        ["section", "name", "count", "ended", "succeeded", "success_rate_percent", "amount_usd", "refunded_usd", "cards_asked", "seconds"];

    public static byte[] Write(PaymentMetrics metrics)
    {
        using var file = new MemoryStream();
        using (var text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true))
        using (var csv = new SafeCsvWriter(text))
        {
            Row(csv, Columns);
            foreach (var day in metrics.Revenue)
            {
                Row(csv, "revenue_per_day", $"{day.Day:O}", day.Payments, null, null, null, Usd(day.Cents));
            }

            foreach (var kind in metrics.Kinds)
            {
                Row(csv, "payments_by_kind", kind.Kind, kind.Begun, kind.Paid + kind.Failed, kind.Paid,
                    PaymentMetrics.Rate(kind.Paid, kind.Paid + kind.Failed), Usd(kind.Cents), Usd(kind.Refunded));
            }

            foreach (var row in metrics.Triggers)
            {
                Row(csv, "recharges_by_trigger", row.Trigger, row.Attempts, row.Ended, row.Succeeded,
                    PaymentMetrics.Rate(row.Succeeded, row.Ended), Usd(row.Cents));
            }

            foreach (var row in metrics.Outcomes)
            {
                Row(csv, "attempts_by_outcome", row.State, row.Attempts, null, null, null, null, null, row.Cards);
            }

            foreach (var row in metrics.Declines)
            {
                Row(csv, "by_decline_code", row.Code, row.Attempts, null, row.Succeeded, PaymentMetrics.Rate(row.Succeeded, row.Attempts));
            }

            Row(csv, "crossing_to_credit", "median", metrics.Delay.Recharges, null, null, null, null, null, null, metrics.Delay.Median);
            Row(csv, "crossing_to_credit", "p95", metrics.Delay.Recharges, null, null, null, null, null, null, metrics.Delay.P95);
        }

        return file.ToArray();
    }

    private static decimal Usd(long cents) => cents / 100m;

    private static void Row(SafeCsvWriter csv, params object?[] cells)
    {
        for (var column = 0; column < Columns.Length; column++)
        {
            csv.WriteField(column < cells.Length
                ? Convert.ToString(cells[column], CultureInfo.InvariantCulture) : "");
        }

        csv.NextRecord();
    }
}
