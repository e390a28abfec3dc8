using System.Globalization;
using BillingPortal.AutoRecharge;
using BillingPortal.Kernel;
using CsvHelper;
using CsvHelper.Configuration;

namespace BillingPortal.BalanceImport;

/// <summary>Reads the whole CSV file and says all that is wrong with it at once. Touches nothing but the file.</summary>
internal static class BalanceFile
{
    public const int LinesMax = 200_000;

    public static readonly string[] Required = ["tenant", "balance"];

    public static readonly string[] Optional =
    [
        "name", "email", "plan", "time_zone", "stripe_customer", "auto_recharge", "threshold", "recharge_amount",
        "monthly_limit",
    ];

    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        PrepareHeaderForMatch = heading => heading.Header.Trim().ToLowerInvariant(),
        TrimOptions = TrimOptions.Trim,
        MissingFieldFound = null,
        BadDataFound = null,
    };

    public static (List<ImportedBalance> Rows, List<ImportFault> Faults) Read(TextReader text)
    {
        using var csv = new CsvReader(text, Format);
        var (rows, faults) = (new List<ImportedBalance>(), new List<ImportFault>());
        if (!csv.Read() || !csv.ReadHeader())
        {
            return (rows, [new(1, "The file is empty: its first line names the columns.")]);
        }

        faults.AddRange(HeadingFaults(csv.HeaderRecord!));
        var isReadable = faults.Count == 0;
        while (isReadable && csv.Read())
        {
            if (rows.Count == LinesMax)
            {
                faults.Add(new(csv.Parser.RawRow, $"A file may have {LinesMax} lines; split it."));
                break;
            }

            var line = new BalanceLine(
                csv.Parser.RawRow, name => csv.TryGetField<string>(name, out var text) ? text : null);
            rows.Add(line.Read());
            faults.AddRange(line.Faults);
        }

        faults.AddRange(Twice(rows, row => row.Slug, "tenant"));
        faults.AddRange(Twice(rows, row => row.StripeCustomer, "Stripe customer"));
        return (rows, [.. faults.OrderBy(fault => fault.Line)]);
    }

    private static IEnumerable<ImportFault> HeadingFaults(string[] heading)
    {
        var columns = heading.Select(column => column.Trim().ToLowerInvariant()).ToList();
        foreach (var missing in Required.Except(columns))
        {
            yield return new(1, $"The column '{missing}' is missing.");
        }

        var all = Required.Concat(Optional).ToList();
        foreach (var unknown in columns.Except(all))
        {
            yield return new(1, $"There is no column '{unknown}'; there are {string.Join(", ", all)}.");
        }

        foreach (var twice in columns.GroupBy(column => column).Where(group => group.Count() > 1))
        {
            yield return new(1, $"The column '{twice.Key}' is there twice.");
        }
    }

    private static IEnumerable<ImportFault> Twice(
        IEnumerable<ImportedBalance> rows, Func<ImportedBalance, string?> key, string what) =>
        from row in rows
        where key(row) is { Length: > 0 }
        group row by key(row) into same
        from later in same.Skip(1)
        select new ImportFault(later.Line, $"The {what} {same.Key} stands in line {same.First().Line} already.");
}

/// <summary>One line of the file while it is read: fields to values, and what is wrong with them.</summary>
internal sealed class BalanceLine(int number, Func<string, string?> field)
{
    public List<ImportFault> Faults { get; } = [];

    public ImportedBalance Read()
    {
        var slug = Text("tenant") ?? "";
        Check(
            slug.Length is > 0 and <= 63 && slug.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')
                && slug[0] != '-',
            "tenant is the short name: small letters, digits and hyphens, 63 at most.");
        var plan = Text("plan") is { } named ? Units.Parse(named) : Unit.Credits;
        Check(plan is not null, "plan is credits or usd.");
        var unit = plan ?? Unit.Credits;
        var balance = Number("balance", required: true);
        Check(balance is null or (>= 0 and <= 100_000_000_000), "balance is 0 or more.");
        var email = Text("email");
        Check(email is null || (email.Length <= 256 && email.IndexOf('@') is > 0 and var at && at < email.Length - 1
            && !email.Any(char.IsWhiteSpace)), "email is no address.");
        var customer = Text("stripe_customer");
        Check(
            customer is null || customer.StartsWith("cus_", StringComparison.Ordinal), "stripe_customer begins with cus_.");
        var zone = Text("time_zone") ?? "UTC";
        Check(
            TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _),
            $"There is no time zone '{zone}'; use a name such as Europe/Berlin.");
        var name = Text("name") ?? slug;
        Check(name.Length <= 200, "name may have 200 characters.");
        return new(number, slug, name, email, zone, customer, Amount.Of(balance ?? 0, unit), ReadRule());
    }

    private RechargeChange? ReadRule()
    {
        var (threshold, amount, limit) = (Number("threshold"), Number("recharge_amount"), Number("monthly_limit"));
        bool? enabled = Text("auto_recharge")?.ToLowerInvariant() switch
        {
            null => null,
            "yes" or "true" or "1" or "on" => true,
            "no" or "false" or "0" or "off" => false,
            _ => Wrong("auto_recharge is yes or no."),
        };
        return enabled is null && threshold is null && amount is null && limit is null
            ? null
            : new RechargeChange { Enabled = enabled, Threshold = threshold, Amount = amount, MonthlyLimit = limit };
    }

    private string? Text(string name) => field(name) is { Length: > 0 } text ? text : null;

    // Four places are exact; a fifth would be lost silently.
    private decimal? Number(string name, bool required = false)
    {
        if (Text(name) is not { } text)
        {
            Check(!required, $"{name} is missing.");
            return null;
        }

        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var value) || decimal.Round(value, 4) != value)
        {
            Check(false, $"{name} is a number with a point and four places at most, such as 1250.5.");
            return null;
        }

        return value;
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            Faults.Add(new(number, otherwise));
        }
    }

    private bool? Wrong(string text)
    {
        Check(false, text);
        return null;
    }
}
