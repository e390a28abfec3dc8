using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.TenantWebhooks.Delivery;
using BillingPortal.TenantWebhooks.Events;
using BillingPortal.TenantWebhooks.Network;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.TenantWebhooks.Endpoints;

/// <summary>
/// A tenant's endpoints in the hands of its owners: made, changed, rotated, disabled, removed. Every change commits with its
/// line in the audit log; no secret is written there or logged.
/// </summary>
public sealed class EndpointService(
    Database database, EndpointAddress addresses, EndpointSecrets secrets, EndpointMails mails, AuditLog audit,
    TimeProvider clock, IOptions<TenantWebhookOptions> options)
{
    /// <summary>How long messages are signed with the old secret too.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    private readonly TenantWebhookOptions _options = options.Value;

    /// <summary>A new endpoint with its secret. Not repeatable: each call makes one.</summary>
    public async Task<EndpointResult> CreateAsync(
        Guid tenantId, Actor actor, EndpointWish wish, CancellationToken cancellationToken = default)
    {
        var (url, refused) = Judge(wish);
        if (refused is not null)
        {
            return refused;
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new EndpointResult(EndpointOutcome.NotAllowed);
        }

        if (await unit.Db.Set<WebhookEndpoint>().CountAsync(cancellationToken) >= _options.EndpointsMax)
        {
            return new EndpointResult(EndpointOutcome.TooMany);
        }

        var secret = WebhookSignature.NewSecret();
        var endpoint = new WebhookEndpoint
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Url = url!,
            Description = wish.Description?.Trim() ?? "",
            Events = EventsOf(wish),
            Secret = secrets.Protect(secret),
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = actor.Name,
        };
        unit.Db.Add(endpoint);
        Record(unit, actor, endpoint, "webhook_endpoint.created", "made", before: null);
        await unit.CommitAsync(cancellationToken);
        return new EndpointResult(EndpointOutcome.Done, endpoint.Id, secret);
    }

    /// <summary>Another address, description or choice of events. What waits already goes to the new address.</summary>
    public async Task<EndpointResult> UpdateAsync(
        Guid tenantId, Actor actor, Guid id, EndpointWish wish, CancellationToken cancellationToken = default)
    {
        var (url, refused) = Judge(wish);
        return refused ?? await ChangeAsync(tenantId, actor, id, "webhook_endpoint.changed", "changed", (_, endpoint) =>
        {
            (endpoint.Url, endpoint.Description, endpoint.Events) = (url!, wish.Description?.Trim() ?? "", EventsOf(wish));
            return Task.FromResult(new EndpointResult(EndpointOutcome.Done, id));
        }, cancellationToken);
    }

    /// <summary>A new secret; unless the old one has leaked, messages are signed with both for a day.</summary>
    public Task<EndpointResult> RotateAsync(
        Guid tenantId, Actor actor, Guid id, bool keepsOld, CancellationToken cancellationToken = default) =>
        ChangeAsync(
            tenantId, actor, id, "webhook_endpoint.secret_rotated",
            keepsOld ? "given a new secret; the old one signs for another day" : "given a new secret; the old one ended at once",
            (_, endpoint) =>
            {
                var secret = WebhookSignature.NewSecret();
                endpoint.OldSecret = keepsOld ? endpoint.Secret : null;
                endpoint.OldSecretUntil = keepsOld ? clock.GetUtcNow() + Overlap : null;
                endpoint.Secret = secrets.Protect(secret);
                return Task.FromResult(new EndpointResult(EndpointOutcome.Done, id, secret));
            },
            cancellationToken);

    /// <summary>What happens while it is disabled is kept and can be sent later.</summary>
    public Task<EndpointResult> DisableAsync(
        Guid tenantId, Actor actor, Guid id, CancellationToken cancellationToken = default) =>
        ChangeAsync(tenantId, actor, id, "webhook_endpoint.disabled", "disabled", async (unit, endpoint) =>
        {
            if (endpoint.State is EndpointState.Enabled)
            {
                (endpoint.State, endpoint.DisabledReason, endpoint.DisabledAt) =
                    (EndpointState.Disabled, DisableReason.ByHand, clock.GetUtcNow());
                await DeliveryBook.SkipWaitingAsync(unit, endpoint, clock.GetUtcNow(), cancellationToken);
            }

            return new EndpointResult(EndpointOutcome.Done, id);
        }, cancellationToken);

    /// <summary>From the next event on; what was missed is sent when somebody asks for it.</summary>
    public Task<EndpointResult> EnableAsync(
        Guid tenantId, Actor actor, Guid id, CancellationToken cancellationToken = default) =>
        ChangeAsync(tenantId, actor, id, "webhook_endpoint.enabled", "enabled", (unit, endpoint) =>
        {
            mails.Over(unit, endpoint);
            (endpoint.State, endpoint.DisabledReason, endpoint.DisabledAt) = (EndpointState.Enabled, null, null);
            (endpoint.FailingSince, endpoint.IsSlow) = (null, false);
            return Task.FromResult(new EndpointResult(EndpointOutcome.Done, id));
        }, cancellationToken);

    /// <summary>With its deliveries. The audit log keeps that it was there.</summary>
    public Task<EndpointResult> RemoveAsync(
        Guid tenantId, Actor actor, Guid id, CancellationToken cancellationToken = default) =>
        ChangeAsync(tenantId, actor, id, "webhook_endpoint.removed", "removed", (unit, endpoint) =>
        {
            mails.Over(unit, endpoint);
            unit.Db.Remove(endpoint);
            return Task.FromResult(new EndpointResult(EndpointOutcome.Done, id));
        }, cancellationToken);

    private async Task<EndpointResult> ChangeAsync(
        Guid tenantId, Actor actor, Guid id, string action, string done,
        Func<UnitOfWork, WebhookEndpoint, Task<EndpointResult>> change, CancellationToken cancellationToken)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (!await EnterAsync(unit, tenantId, actor, cancellationToken))
        {
            return new EndpointResult(EndpointOutcome.NotAllowed);
        }

        if (await DeliveryBook.LockAsync(unit, tenantId, id, cancellationToken) is not { } endpoint)
        {
            return new EndpointResult(EndpointOutcome.NotThere);
        }

        var before = SidesOf(endpoint);
        var result = await change(unit, endpoint);
        Record(unit, actor, endpoint, action, done, before);
        await unit.CommitAsync(cancellationToken);
        return result;
    }

    private (string? Url, EndpointResult? Refused) Judge(EndpointWish wish)
    {
        var (url, fault) = addresses.Judge(wish.Url);
        return fault is not null ? (null, new EndpointResult(EndpointOutcome.BadAddress, Fault: fault))
            : wish.Description?.Trim().Length > WebhookEndpointMap.DescriptionMax
                ? (null, new EndpointResult(EndpointOutcome.DescriptionTooLong))
            : !wish.AllEvents && (wish.Events.Count == 0 || !wish.Events.All(TenantEventKinds.IsChoice))
                ? (null, new EndpointResult(EndpointOutcome.NoEvents))
            : (url, null);
    }

    private static string[] EventsOf(EndpointWish wish) => wish.AllEvents ? []
        : [.. TenantEventKinds.All.Select(kind => kind.Code).Where(wish.Events.Contains)];

    // One change of a tenant's endpoints at a time, or two could both be the tenth.
    private static async Task<bool> EnterAsync(
        UnitOfWork unit, Guid tenantId, Actor actor, CancellationToken cancellationToken)
    {
        await using var turn = unit.Command(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"tenant-webhooks:{tenantId}");
        await turn.ExecuteNonQueryAsync(cancellationToken);
        return await EndpointGate.MayManageAsync(unit, tenantId, actor, cancellationToken);
    }

    private void Record(
        UnitOfWork unit, Actor actor, WebhookEndpoint endpoint, string action, string done, object? before) =>
        audit.Record(unit, new AuditRecord(
            endpoint.TenantId, actor, action, "webhook_endpoint", endpoint.Id.ToString(),
            $"Webhook endpoint {EndpointTexts.Shown(endpoint.Url)} {done}.", before,
            unit.Db.Entry(endpoint).State is EntityState.Deleted ? null : SidesOf(endpoint)));

    private static object SidesOf(WebhookEndpoint endpoint) => new
    {
        Address = EndpointTexts.Shown(endpoint.Url),
        endpoint.Description,
        Events = EndpointTexts.EventsOf(endpoint),
        endpoint.State,
        OldSecretSignsUntil = endpoint.OldSecretUntil,
    };
}
