using BillingPortal.Data;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BillingPortal.TenantWebhooks.Pages;

/// <summary>Deliveries of one endpoint as a file. Bodies and answers are the page's alone.</summary>
internal static class DeliveryCsv
{
    private static readonly string[] Columns =
    [
        "id", "event_id", "type", "occurred_at", "created_at", "address", "state", "tries", "next_try_at", "ended_at",
        "last_status", "last_error", "last_milliseconds",
    ];

    public static readonly string Example = string.Join(',', Columns) + "\n"
        + "01a1faeb-f4d1-7a02-8c11-5d2f9e3b6a77,evt_01a1faebf4c07b1e9d3a2c4e5f607182,balance.low,2026-11-20T21:45:29.000Z,"
        + "2026-11-20T21:45:29.000Z,https://example.com/hooks,delivered,1,,2026-11-20T21:45:30.000Z,204,,112\n";

    public static string PathOf(Guid endpointId) => $"/api/webhook-endpoints/{endpointId}/deliveries.csv";

    /// <param name="address">As the reader may see it.</param>
    public static PushStreamHttpResult Of(HttpResponse response, string address, IReadOnlyList<DeliveryRow> rows) =>
        CsvList.Of(response, "webhook-deliveries.csv", Columns, rows, row => Fields(row, address));

    private static IReadOnlyList<object?> Fields(DeliveryRow row, string address)
    {
        var delivery = row.Delivery;
        return
        [
            delivery.Id, EventMessage.PublicId(delivery.MessageId), row.Type, row.OccurredAt, delivery.CreatedAt, address,
            TextCodes.Of(delivery.State), delivery.Tries, delivery.State is DeliveryState.Pending ? delivery.DueAt : null,
            delivery.EndedAt, delivery.LastStatus, delivery.LastError, delivery.LastMilliseconds,
        ];
    }
}
