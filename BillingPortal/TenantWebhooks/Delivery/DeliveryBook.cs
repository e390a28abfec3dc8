using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.TenantWebhooks.Endpoints;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.TenantWebhooks.Delivery;

/// <summary>
/// Writes down what became of a try, and what follows for the endpoint. Each is one transaction under the endpoint's lock.
/// </summary>
internal sealed class DeliveryBook(
    Database database, EndpointMails mails, BalanceFeed feed, TimeProvider clock, IOptions<TenantWebhookOptions> options)
{
    // A single event that was tried a few times: then days of failure are no chance of one try after a quiet month.
    private const int TriesBeforeDisabled = 3;
    private const int SlowMilliseconds = 3000;

    private const string End =
        """
        UPDATE tenant_webhook_deliveries SET state = $3, due_at = $4, ended_at = $5, last_status = $6, last_error = $7,
          last_milliseconds = $8, lease_id = NULL, leased_until = NULL
        WHERE id = $1 AND lease_id = $2
        """;

    /// <summary>False when the lease was lost meanwhile, or the endpoint removed: then the try counts for nobody.</summary>
    public async Task<bool> WriteAsync(ClaimedDelivery claimed, SendResult result, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(claimed.TenantId, cancellationToken);
        var endpoint = await LockAsync(unit, claimed.TenantId, claimed.EndpointId, cancellationToken);
        if (endpoint is null)
        {
            return false;
        }

        Note(endpoint, result);
        var isDisabledNow = endpoint.State is EndpointState.Enabled && Ends(endpoint, claimed, result) is { } reason
            && Disable(unit, endpoint, reason);
        if (!await EndAsync(unit, endpoint, claimed, result, cancellationToken))
        {
            return false; // rolls the endpoint's note back too
        }

        unit.Db.Add(new DeliveryAttempt
        {
            Id = Ids.New(),
            TenantId = claimed.TenantId,
            DeliveryId = claimed.Id,
            At = clock.GetUtcNow(),
            Status = result.Status,
            Milliseconds = result.Milliseconds,
            Error = result.Error,
            Answer = result.Answer,
        });
        if (isDisabledNow)
        {
            await SkipWaitingAsync(unit, endpoint, clock.GetUtcNow(), cancellationToken);
        }

        feed.Ring(unit, claimed.TenantId);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The endpoint, locked against every other change of it.</summary>
    internal static Task<WebhookEndpoint?> LockAsync(
        UnitOfWork unit, Guid tenantId, Guid endpointId, CancellationToken cancellationToken) =>
        unit.Db.Set<WebhookEndpoint>().FromSql(
            $"SELECT * FROM tenant_webhook_endpoints WHERE tenant_id = {tenantId} AND id = {endpointId} FOR NO KEY UPDATE")
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>Nothing waits for a disabled endpoint.</summary>
    internal static async Task SkipWaitingAsync(
        UnitOfWork unit, WebhookEndpoint endpoint, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var skip = unit.Command(
            "UPDATE tenant_webhook_deliveries SET state = 'skipped', ended_at = $2 WHERE endpoint_id = $1 AND state = 'pending'",
            endpoint.Id, now);
        await skip.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Note(WebhookEndpoint endpoint, SendResult result)
    {
        var now = clock.GetUtcNow();
        endpoint.IsSlow = !result.IsDelivered || result.Milliseconds > SlowMilliseconds;
        if (result.IsDelivered)
        {
            (endpoint.FailingSince, endpoint.LastSuccessAt) = (null, now);
        }
        else
        {
            endpoint.FailingSince ??= now;
            endpoint.LastFailureAt = now;
        }
    }

    private DisableReason? Ends(WebhookEndpoint endpoint, ClaimedDelivery claimed, SendResult result) =>
        result.IsGone ? DisableReason.Gone
        : claimed.Tries >= TriesBeforeDisabled
            && clock.GetUtcNow() - endpoint.FailingSince >= TimeSpan.FromDays(options.Value.DisableAfterDays)
            ? DisableReason.Failing
            : null;

    private bool Disable(UnitOfWork unit, WebhookEndpoint endpoint, DisableReason reason)
    {
        (endpoint.State, endpoint.DisabledReason, endpoint.DisabledAt) =
            (EndpointState.Disabled, reason, clock.GetUtcNow());
        mails.Disabled(unit, endpoint);
        return true;
    }

    private async Task<bool> EndAsync(
        UnitOfWork unit, WebhookEndpoint endpoint, ClaimedDelivery claimed, SendResult result,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var wait = RetryWaits.After(claimed.Tries);
        var state = result.IsDelivered ? DeliveryState.Delivered
            : endpoint.State is EndpointState.Disabled ? DeliveryState.Skipped
            : wait is null ? DeliveryState.Failed
            : DeliveryState.Pending;
        await using var end = unit.Command(
            End, claimed.Id, claimed.LeaseId, TextCodes.Of(state),
            state is DeliveryState.Pending ? now + wait!.Value : now,
            state is DeliveryState.Pending ? null : now, result.Status, result.Error, result.Milliseconds);
        end.Parameters[4].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz;
        end.Parameters[5].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer;
        end.Parameters[6].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
        return await end.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
