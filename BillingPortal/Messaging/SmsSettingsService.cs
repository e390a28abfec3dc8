using BillingPortal.Audit;
using BillingPortal.Data;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Messaging;

/// <summary>A tenant's settings as a page shows them.</summary>
/// <param name="Countries">Null: the default list is in force.</param>
/// <param name="DefaultCountries">What is in force without a list of its own.</param>
/// <param name="PerMinuteMax">Null: the default is in force.</param>
/// <param name="PerMinuteLimit">The most that may be set.</param>
public sealed record SmsSettingsView(
    IReadOnlyList<string>? Countries, IReadOnlyList<string> DefaultCountries, string? AutoReply, int? PerMinuteMax,
    int PerMinuteDefault, int PerMinuteLimit)
{
    public IReadOnlyList<string> CountriesInForce => Countries ?? DefaultCountries;
}

/// <summary>What a person wants the settings to be; null means the default, or no reply.</summary>
public sealed record SmsSettingsChange(IReadOnlyList<string>? Countries, string? AutoReply, int? PerMinuteMax);

/// <summary>Reads and writes how a tenant's messages are handled.</summary>
public sealed class SmsSettingsService(Database database, MessagingOptions options, TimeProvider clock)
{
    public async Task<SmsSettingsView> ReadAsync(Guid tenantId, CancellationToken cancellationToken = default)
    {
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var row = await unit.Db.Set<SmsSettings>().AsNoTracking()
            .SingleOrDefaultAsync(settings => settings.TenantId == tenantId, cancellationToken);
        return new SmsSettingsView(
            row?.Countries, options.DefaultCountryList, row?.AutoReply, row?.PerMinuteMax, options.PerMinuteMax,
            options.PerMinuteLimit);
    }

    /// <summary>Null: saved. Else what to change, in words.</summary>
    public async Task<SmsRefusal?> SaveAsync(
        Guid tenantId, SmsSettingsChange change, CancellationToken cancellationToken = default)
    {
        var countries = change.Countries?.Select(code => code.Trim().ToUpperInvariant()).Distinct().Order().ToArray();
        var reply = string.IsNullOrWhiteSpace(change.AutoReply) ? null : change.AutoReply.Trim();
        if (Fault(countries, reply, change.PerMinuteMax) is { } fault)
        {
            return fault;
        }

        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        var before = await unit.Db.Set<SmsSettings>().AsNoTracking()
            .SingleOrDefaultAsync(settings => settings.TenantId == tenantId, cancellationToken);
        await using var command = unit.Command(
            """
            INSERT INTO sms_settings (tenant_id, countries, auto_reply, per_minute_max) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant_id) DO UPDATE SET
              countries = excluded.countries, auto_reply = excluded.auto_reply, per_minute_max = excluded.per_minute_max
            """,
            tenantId, countries, reply, change.PerMinuteMax);
        await command.ExecuteNonQueryAsync(cancellationToken);
        unit.RecordSetting(clock, new SettingChange(
            tenantId, "sms_settings.changed", tenantId.ToString(), "Settings of messages changed.",
            Sides(before?.Countries, before?.AutoReply, before?.PerMinuteMax), Sides(countries, reply, change.PerMinuteMax)));
        await unit.CommitAsync(cancellationToken);
        return null;
    }

    private static object Sides(string[]? countries, string? reply, int? perMinuteMax) => new
    {
        Countries = countries is null ? "the default list" : string.Join(", ", countries),
        AutoReply = reply ?? "none",
        MessagesPerMinute = perMinuteMax is { } most ? $"{most}" : "the default",
    };

    private SmsRefusal? Fault(string[]? countries, string? reply, int? perMinuteMax)
    {
        if (countries is { Length: 0 })
        {
            return Invalid("invalid_countries", "Choose at least one country, or the default list.");
        }

        if (countries?.FirstOrDefault(code => !CountryPrefixes.Countries.Contains(code)) is { } unknown)
        {
            return Invalid("invalid_countries", $"\"{unknown}\" is not a country's two-letter code, such as US.");
        }

        if (reply is not null && SmsDraft.CheckBody(reply) is { } unsendable)
        {
            return unsendable;
        }

        return perMinuteMax is { } most && (most < 1 || most > options.PerMinuteLimit)
            ? Invalid("invalid_limit", $"Messages per minute must be from 1 to {options.PerMinuteLimit}.")
            : null;
    }

    private static SmsRefusal Invalid(string code, string detail) => new(SmsRefusalKind.Invalid, code, detail);
}
