using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.PhoneNumbers;

/// <summary>The numbers of the page as a file, with their rent and when it falls due.</summary>
internal static class NumberCsv
{
    public const string Path = "/api/numbers.csv";

    private static readonly string[] Columns =
    [
        "id", "number", "country", "label", "state", "monthly_rent", "unit", "created_at", "acquired_at", "next_billing_at",
        "suspended_at", "next_retry_at", "grace_until", "trouble",
    ];

    public static readonly string Example = string.Join(',', Columns) + "\n"
        + "01a1faeb-e1c2-7d30-9f5e-0b6f3a1c7d20,+14155550142,US,Front desk,active,50,credits,2026-09-14T09:00:00.000Z,"
        + "2026-09-14T09:00:02.000Z,2026-12-14T00:00:00.000Z,,,,\n";

    public static PushStreamHttpResult Of(HttpResponse response, IReadOnlyList<ListedNumber> numbers) =>
        CsvList.Of(response, "numbers.csv", Columns, numbers, Fields);

    private static IReadOnlyList<object?> Fields(ListedNumber listed)
    {
        var number = listed.Number;
        return
        [
            number.Id, number.Number, number.Country, number.Label, TextCodes.Of(number.State), listed.Rent?.ToDecimal(),
            number.Unit.ToCode(), number.CreatedAt, number.AcquiredAt, number.NextBillingDate, number.SuspendedAt,
            number.NextRetryAt, number.GraceUntil, number.Trouble,
        ];
    }
}

/// <summary>A number with its rent of one month; null where the plan has no price for it.</summary>
public sealed record ListedNumber(PhoneNumber Number, Amount? Rent);
