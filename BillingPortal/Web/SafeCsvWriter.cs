using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace BillingPortal.Web;

/// <summary>A CSV writer whose texts cannot become formulas, while a plain negative number stays a number.</summary>
internal sealed class SafeCsvWriter(TextWriter writer) : CsvWriter(writer, Format)
{
    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        InjectionOptions = InjectionOptions.Escape,
    };

    protected override string? SanitizeForInjection(string? field) =>
        decimal.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out _)
            ? field
            : base.SanitizeForInjection(field);
}
