namespace BillingPortal.Outbox;

/// <summary>The text of a ring between processes: the sender, then the tenants.</summary>
internal static class FeedSignal
{
    public static string Write(Guid node, IEnumerable<Guid> tenantIds) =>
        $"{node:N} {string.Join(' ', tenantIds.Select(tenantId => tenantId.ToString("N")))}";

    /// <summary>Words that are no ids are passed over: a newer build may say more.</summary>
    public static (Guid Node, IReadOnlyList<Guid> TenantIds) Read(string payload)
    {
        var ids = payload.Split(' ')
            .Select(word => Guid.TryParseExact(word, "N", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty).ToList();
        return ids.Count == 0 ? (Guid.Empty, []) : (ids[0], ids[1..]);
    }
}
