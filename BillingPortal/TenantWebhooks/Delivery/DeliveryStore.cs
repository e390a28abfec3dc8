using BillingPortal.Data;
using BillingPortal.Kernel;
using Npgsql;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>
/// Claims what is due. Leases run on the database's clock, because they are about processes being alive; due times run on the
/// portal's.
/// </summary>
internal sealed class DeliveryStore(Database database, TimeProvider clock)
{
    // The endpoints with something waiting are found one by one on the index: a long queue of one costs the others nothing.
    private const string Claim =
        """
        WITH RECURSIVE lanes (id) AS (
          (SELECT d.endpoint_id FROM tenant_webhook_deliveries d WHERE d.state = 'pending' ORDER BY d.endpoint_id LIMIT 1)
          UNION ALL
          SELECT (SELECT d.endpoint_id FROM tenant_webhook_deliveries d
                  WHERE d.state = 'pending' AND d.endpoint_id > lanes.id ORDER BY d.endpoint_id LIMIT 1)
          FROM lanes WHERE lanes.id IS NOT NULL),
        picked AS (
          SELECT due.id FROM lanes
          JOIN tenant_webhook_endpoints e ON e.id = lanes.id AND e.state = 'enabled' AND e.is_slow = $5
          CROSS JOIN LATERAL (
            SELECT d.id, d.due_at FROM tenant_webhook_deliveries d
            WHERE d.endpoint_id = e.id AND d.state = 'pending' AND d.due_at <= $3
              AND (d.leased_until IS NULL OR d.leased_until <= now())
            ORDER BY d.due_at, d.id
            LIMIT greatest(0, $4 - (SELECT count(*) FROM tenant_webhook_deliveries busy
                                    WHERE busy.endpoint_id = e.id AND busy.leased_until > now()))
            FOR UPDATE SKIP LOCKED) due
          ORDER BY due.due_at, due.id LIMIT $6)
        UPDATE tenant_webhook_deliveries d
        SET lease_id = $1, leased_until = now() + $2, tries = d.tries + 1
        FROM picked, tenant_webhook_endpoints e, tenant_webhook_messages m
        WHERE d.id = picked.id AND e.id = d.endpoint_id AND m.id = d.message_id
        RETURNING d.id, d.tenant_id, d.endpoint_id, d.message_id, d.tries, e.url, m.body, e.secret,
          CASE WHEN e.old_secret_until > $3 THEN e.old_secret END
        """;

    /// <summary>At most so many, of endpoints that answer quickly or of those that do not.</summary>
    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        bool slow, int limit, int perEndpoint, TimeSpan lease, CancellationToken cancellationToken)
    {
        var leaseId = Ids.New();
        await using var command = database.Ops.CreateCommand(Claim);
        foreach (var value in new object[] { leaseId, lease, clock.GetUtcNow(), perEndpoint, slow, limit })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<ClaimedDelivery>();
        while (await row.ReadAsync(cancellationToken))
        {
            claimed.Add(new ClaimedDelivery(
                row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), leaseId, row.GetInt32(4),
                new Uri(row.GetString(5)), row.GetString(6), row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8)));
        }

        return claimed;
    }

    /// <summary>Gives it back untried, because this process stops.</summary>
    public async Task ReleaseAsync(ClaimedDelivery claimed)
    {
        await using var command = database.Ops.CreateCommand(
            """
            UPDATE tenant_webhook_deliveries SET lease_id = NULL, leased_until = NULL, tries = tries - 1
            WHERE id = $1 AND lease_id = $2
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = claimed.Id });
        command.Parameters.Add(new NpgsqlParameter { Value = claimed.LeaseId });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>
    /// When the next delivery falls due after that moment; null when none does. Those that are due already wait for a place,
    /// and the send that frees one wakes the dispatcher.
    /// </summary>
    public async Task<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        await using var command = database.Ops.CreateCommand(
            """
            SELECT due_at FROM tenant_webhook_deliveries WHERE state = 'pending' AND due_at > $1 ORDER BY due_at LIMIT 1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = after });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? row.GetFieldValue<DateTimeOffset>(0) : null;
    }
}
