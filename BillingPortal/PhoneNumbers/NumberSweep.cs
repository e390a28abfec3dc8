using BillingPortal.Data;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// Numbers whose buying or release the provider has not confirmed: looked up, never bought again. Bounded, and safe to run
/// twice at once.
/// </summary>
public sealed partial class NumberSweep(
    Database database, PhoneNumberService numbers, NumberSetUp setUp, TwilioClient twilio,
    IOptions<PhoneNumberOptions> options, TimeProvider clock, ILogger<NumberSweep> logger)
{
    /// <summary>How many were looked at, came to their end, and could not be looked up.</summary>
    public async Task<(int Looked, int Ended, int Failed)> RunAsync(
        int numbersMax, CancellationToken cancellationToken = default)
    {
        var open = await TakeAsync(numbersMax, cancellationToken);
        var (ended, failed) = (0, 0);
        foreach (var number in open)
        {
            try
            {
                ended += await ResolveAsync(number, cancellationToken) ? 1 : 0;
            }
            catch (ProviderException fault)
            {
                failed++;
                LogFailed(logger, number.Id, fault.Code);
                RunFaults.Note(number.TenantId, $"number {number.Number}", fault);
            }
        }

        return (open.Count, ended, failed);
    }

    // Whoever takes a number asks about it; the others leave it alone for a while.
    private async Task<IReadOnlyList<PhoneNumber>> TakeAsync(int numbersMax, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = now.AddSeconds(-options.Value.UnknownSeconds);
        await using var unit = await database.BeginOpsAsync(cancellationToken);
        var open = await unit.Db.Set<PhoneNumber>().FromSql(
            $"""
             SELECT * FROM phone_numbers WHERE asked_at <= {before}
             ORDER BY asked_at, id LIMIT {numbersMax} FOR NO KEY UPDATE SKIP LOCKED
             """).ToListAsync(cancellationToken);
        foreach (var number in open)
        {
            number.AskedAt = now;
        }

        await unit.CommitAsync(cancellationToken);
        return open;
    }

    private async Task<bool> ResolveAsync(PhoneNumber number, CancellationToken cancellationToken)
    {
        if (number.State is PhoneNumberState.Releasing)
        {
            return await numbers.GiveBackAsync(number.TenantId, number.Id);
        }

        if (await twilio.FindNumberAsync(number.Number, cancellationToken) is { } owned)
        {
            await numbers.TakeAsync(number, owned);
            return true;
        }

        // Twilio lists a number as soon as it has sold it; the time is for a call of ours that may still be under way.
        if (clock.GetUtcNow() - number.CreatedAt < TimeSpan.FromMinutes(options.Value.GiveUpMinutes))
        {
            return false;
        }

        await setUp.NotBoughtAsync(number.TenantId, number.Id, NumberTexts.NotFoundThere);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "Number {NumberId} could not be looked up: {Code}")]
    private static partial void LogFailed(ILogger logger, Guid numberId, string code);
}
