using System.Text.Json;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal.Usage;

/// <summary>Turns lines into events of tenants, or into a sentence of what is wrong with them. Remembers the tenants it has met.</summary>
internal sealed class ImportReader(TenantReader tenants, UsageOptions options, TimeProvider clock)
{
    // A file with more unknown names than this is looked up line by line.
    private const int RememberedMax = 10_000;

    private readonly UsageEventParser _parser = new(options);
    private readonly Dictionary<string, (Guid Id, Unit Plan)?> _tenants = new(StringComparer.Ordinal);

    /// <summary>Exactly one of the two results is null.</summary>
    public async Task<(ImportEvent? Event, string? Complaint)> ReadAsync(ImportLine line, CancellationToken cancellationToken)
    {
        if (line.Text is null)
        {
            return (null, $"the line is longer than {ImportLines.BytesMax / 1024} KiB");
        }

        try
        {
            using var json = JsonDocument.Parse(line.Text);
            var (reported, fault) = _parser.Parse(json.RootElement, clock.GetUtcNow());
            if (reported is null)
            {
                return (null, fault!.Detail);
            }

            var slug = UsageEventParser.TextOf(json.RootElement, "tenant") ?? "";
            return await FindAsync(slug, cancellationToken) is var (id, plan)
                ? (new ImportEvent(line.Number, new TenantUsage(id, plan, reported)), null)
                : (null, UsageFault.UnknownTenant.Detail);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return (null, "the line is not one JSON object");
        }
    }

    private async Task<(Guid Id, Unit Plan)?> FindAsync(string slug, CancellationToken cancellationToken)
    {
        if (_tenants.TryGetValue(slug, out var known))
        {
            return known;
        }

        var tenant = slug.Length == 0 ? null : await tenants.FindBySlugAsync(slug, cancellationToken);
        (Guid, Unit)? found = tenant is null ? null : (tenant.Id, tenant.Plan);
        if (_tenants.Count < RememberedMax)
        {
            _tenants[slug] = found;
        }

        return found;
    }
}
