using System.Globalization;
using BillingPortal.Web;

namespace BillingPortal.Invoices;

/// <summary>Where a page of invoices ended: the time and id of its last one.</summary>
public readonly record struct InvoiceCursor(DateTimeOffset IssuedAt, Guid Id)
{
    public static InvoiceCursor Of(Invoice invoice) => new(invoice.IssuedAt, invoice.Id);

    public override string ToString() =>
        Paging.Encode(IssuedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), Id.ToString("N"));

    /// <summary>Null for anything that <see cref="ToString"/> did not make.</summary>
    public static InvoiceCursor? Parse(string text) =>
        Paging.Decode(text) is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParseExact(id, "N", out var guid)
            ? new InvoiceCursor(new DateTimeOffset(ticks, TimeSpan.Zero), guid)
            : null;
}
