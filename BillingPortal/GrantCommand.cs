using System.Globalization;
using BillingPortal.Grants;
using BillingPortal.Kernel;
using BillingPortal.Tenants;

namespace BillingPortal;

/// <summary><c>grant</c>: promotional credits or funds for one tenant, once per key, with or without an end.</summary>
internal static class GrantCommand
{
    private static readonly string[] Known = ["--tenant", "--amount", "--unit", "--expires", "--name", "--key"];

    /// <exception cref="CommandLineException">An option is missing, unknown or wrong; the message says which.</exception>
    public static async Task RunAsync(
        TenantReader tenants, GrantService grants, TimeProvider clock, string[] options, CancellationToken cancellationToken)
    {
        var given = CommandOptions.Parse(options, Known);
        var (slug, name) = (given.Required("--tenant", "short name"), given.Required("--name", "what people read"));
        var key = given.Required("--key", "a word of yours; the same one gives once");
        var amount = AmountOf(given);
        var expiresAt = ExpiryOf(given, clock.GetUtcNow());
        var tenant = await tenants.FindBySlugAsync(slug, cancellationToken)
            ?? throw new CommandLineException($"There is no tenant '{slug}'.");

        var posted = await grants.GiveAsync(tenant.Id, amount, expiresAt, name, key, cancellationToken);
        var until = expiresAt is { } at ? $" until {at:yyyy-MM-dd} UTC" : "";
        Console.WriteLine(posted.Differs
            ? $"The key '{key}' was used for another amount; nothing was given."
            : $"{tenant.Name} has {amount}{until}; the balance is {posted.Balance}.");
    }

    private static Amount AmountOf(Dictionary<string, string> given)
    {
        var unit = Units.Parse(given.GetValueOrDefault("--unit", "credits"))
            ?? throw new CommandLineException("--unit is credits or usd.");
        return decimal.TryParse(
            given.Required("--amount", "number"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount is > 0 and <= 1_000_000 && decimal.Round(amount, 4) == amount
            ? Amount.Of(amount, unit)
            : throw new CommandLineException("--amount is a number above 0 with four places at most, 1000000 at most.");
    }

    private static DateTimeOffset? ExpiryOf(Dictionary<string, string> given, DateTimeOffset now)
    {
        if (given.GetValueOrDefault("--expires") is not { } text)
        {
            return null;
        }

        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) is var at && at > now
            ? at
            : throw new CommandLineException("--expires is a day to come, such as 2027-01-31; the grant ends as it begins (UTC).");
    }
}
