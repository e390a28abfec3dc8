using System.Globalization;
using BillingPortal.Kernel;
using BillingPortal.Wallet;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Analytics;

/// <summary>Where a question stands: on the page, as files; and where the entries behind a row are listed.</summary>
internal static class UsageAddress
{
    public const string Page = "/analytics";
    public const string Budgets = "/analytics/budgets";

    public static string Of(UsageQuery query) => With(Page, query);

    public static string Csv(UsageQuery query) => With("/api/analytics/usage.csv", query);

    /// <summary>The same figures, one line per row and column of the chart.</summary>
    public static string SeriesCsv(UsageQuery query) => With("/api/analytics/usage.csv", query, ("layout", "series"));

    /// <summary>The entries of the same days; these are UTC days, so the list is asked for instants.</summary>
    public static string Transactions(UsageRequest request, string? service) => TransactionAddress.Page(new TransactionQuery
    {
        Unit = request.Unit.ToCode(),
        From = Start(request.First),
        To = Start(request.Last.AddDays(1)),
        Service = service ?? request.Service,
    });

    /// <summary>Where a row is explained line by line; null where nothing lists it.</summary>
    public static string? Behind(UsageRequest request, UsageRow row) => row.Kind is not UsageRowKind.Value ? null : request.Group switch
    {
        UsageGroup.Service => ServiceNames.All.Contains(row.Key) ? Transactions(request, row.Key) : Transactions(request, null),
        UsageGroup.Number => QueryHelpers.AddQueryString("/sms", new Dictionary<string, string?>
        {
            ["number"] = row.Key,
            ["from"] = Day(request.First),
            ["to"] = Day(request.Last),
        }),
        UsageGroup.Tag => null,
    };

    private static string With(string path, UsageQuery query, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var parts = new Dictionary<string, string?>
        {
            ["unit"] = query.Unit,
            ["period"] = query.Period,
            ["from"] = query.From,
            ["to"] = query.To,
            ["group"] = query.Group,
            ["tag"] = query.Tag,
            ["service"] = query.Service,
            ["by"] = query.By,
        };
        foreach (var (name, value) in more)
        {
            parts[name] = value;
        }

        return QueryHelpers.AddQueryString(path, parts.Where(part => !string.IsNullOrWhiteSpace(part.Value)));
    }

    private static string Start(DateOnly day) => Day(day) + "T00:00:00Z";

    private static string Day(DateOnly day) => day.ToString(UsageQuery.Day, CultureInfo.InvariantCulture);
}
