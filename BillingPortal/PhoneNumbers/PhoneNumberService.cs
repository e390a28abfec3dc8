using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Outbox;
using BillingPortal.Pricing;
using BillingPortal.Providers;
using BillingPortal.Providers.Sms;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BillingPortal.PhoneNumbers;

/// <summary>
/// A tenant's numbers: buy, name, give back. What is asked of the provider is recorded before and its answer after, each in
/// a transaction of its own; what stays unanswered is looked up by <see cref="NumberSweep"/>.
/// </summary>
public sealed partial class PhoneNumberService(
    Database database, NumberSetUp setUp, PriceBook prices, TwilioClient twilio, NumberLinks links, NumberMails mails,
    BalanceFeed feed, TimeProvider clock, ILogger<PhoneNumberService> logger)
{
    public const int LabelLengthMax = 60;

    /// <param name="attemptKey">The browser's own, made before the first click: the same key buys once.</param>
    public async Task<BuyResult> BuyAsync(
        Guid tenantId, Unit plan, BuyWish wish, string attemptKey, CancellationToken cancellationToken = default)
    {
        var (number, answer) = await RecordAsync(tenantId, plan, wish, attemptKey, cancellationToken);
        if (answer is not null)
        {
            return answer;
        }

        // From here on a caller who goes away changes nothing.
        try
        {
            var said = await twilio.BuyNumberAsync(
                new BuyNumber(number!.Number, links.Sms, links.Voice), CancellationToken.None);
            return AnswerOf(said.Number is { } owned
                ? await TakeAsync(number, owned)
                : await setUp.NotBoughtAsync(tenantId, number.Id, NumberTexts.Refused(said.Refusal!)));
        }
        catch (ProviderException fault) when (!fault.IsOutcomeUnknown)
        {
            LogFault(logger, number!.Id, fault.Code);
            return AnswerOf(await setUp.NotBoughtAsync(tenantId, number.Id, NumberTexts.NotReached));
        }
        catch (ProviderException fault)
        {
            LogFault(logger, number!.Id, fault.Code);
            return AnswerOf(number);
        }
    }

    /// <summary>For good, and without a refund of the running month. Out of service at once.</summary>
    public async Task<ReleaseOutcome> ReleaseAsync(
        Guid tenantId, Guid numberId, CancellationToken cancellationToken = default)
    {
        await using (var unit = await database.BeginAsync(tenantId, cancellationToken))
        {
            var number = await LockAsync(unit, numberId, cancellationToken);
            if (number is not { State: PhoneNumberState.Active or PhoneNumberState.Suspended })
            {
                return ReleaseOutcome.NotFound;
            }

            unit.RecordSetting(clock, new SettingChange(
                tenantId, "number.released", number.Id.ToString(), $"{number.Number} given back.",
                new { number.Number, number.Label, number.State }, After: null));
            (number.State, number.AskedAt) = (PhoneNumberState.Releasing, clock.GetUtcNow());
            (number.NextBillingDate, number.SuspendedAt, number.NextRetryAt) = (null, null, null);
            number.GraceUntil = null;
            await unit.Db.SaveChangesAsync(cancellationToken);
            await mails.EndSuspensionAsync(unit, tenantId, cancellationToken);
            await mails.EndGraceAsync(unit, tenantId, cancellationToken);
            feed.Ring(unit, tenantId);
            await unit.CommitAsync(cancellationToken);
        }

        try
        {
            return await GiveBackAsync(tenantId, numberId) ? ReleaseOutcome.Released : ReleaseOutcome.Pending;
        }
        catch (ProviderException fault)
        {
            LogFault(logger, numberId, fault.Code);
            return ReleaseOutcome.Pending;
        }
    }

    /// <summary>What the tenant calls it; empty for nothing. False: not the tenant's.</summary>
    public async Task<bool> LabelAsync(
        Guid tenantId, Guid numberId, string? label, CancellationToken cancellationToken = default)
    {
        var text = string.IsNullOrWhiteSpace(label) ? null : label.Trim();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text?.Length ?? 0, LabelLengthMax, nameof(label));
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await LockAsync(unit, numberId, cancellationToken) is not { } number)
        {
            return false;
        }

        unit.RecordSetting(clock, new SettingChange(
            tenantId, "number.named", number.Id.ToString(),
            text is null ? $"{number.Number} has no name now." : $"{number.Number} is named {text}.",
            new { Name = number.Label }, new { Name = text }));
        number.Label = text;
        feed.Ring(unit, tenantId);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Asks the provider to take a number back that is out of service here already. Safe to repeat.</summary>
    internal async Task<bool> GiveBackAsync(Guid tenantId, Guid numberId)
    {
        var leaving = await FindAsync(tenantId, numberId);
        if (leaving.State is not PhoneNumberState.Releasing)
        {
            return leaving.State is PhoneNumberState.Released;
        }

        await twilio.ReleaseNumberAsync(leaving.ProviderSid!, CancellationToken.None);
        await using var unit = await database.BeginAsync(tenantId);
        var number = (await LockAsync(unit, numberId, CancellationToken.None))!;
        (number.State, number.ReleasedAt, number.AskedAt) = (PhoneNumberState.Released, clock.GetUtcNow(), null);
        feed.Ring(unit, tenantId);
        await unit.CommitAsync();
        LogReleased(logger, numberId, tenantId);
        return true;
    }

    /// <summary>Ours at the provider: taken into service here, or given back when its buying was given up before.</summary>
    internal async Task<PhoneNumber> TakeAsync(PhoneNumber bought, OwnedNumber owned)
    {
        var number = await setUp.BoughtAsync(bought.TenantId, bought.Id, owned.Sid);
        if (number.State is PhoneNumberState.NotBought)
        {
            LogTooLate(logger, number.Id, owned.Sid);
            await twilio.ReleaseNumberAsync(owned.Sid, CancellationToken.None);
        }

        return number;
    }

    private async Task<(PhoneNumber? Number, BuyResult? Answer)> RecordAsync(
        Guid tenantId, Unit plan, BuyWish wish, string attemptKey, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var price = new NumberPrices(await prices.SnapshotAsync(cancellationToken)).SetUp(tenantId, plan, now);
        await using var unit = await database.BeginAsync(tenantId, cancellationToken);
        if (await EarlierAsync(unit, attemptKey, wish, cancellationToken) is { } earlier)
        {
            return (null, earlier);
        }

        if (price is not { } fee)
        {
            return (null, new BuyResult(BuyOutcome.NotOffered, "Your plan has no phone numbers. Ask support about it."));
        }

        var number = NumberOf(tenantId, plan, wish, attemptKey, fee, now);
        var held = await setUp.HoldAsync(unit, number, cancellationToken);
        if (held is { IsPosted: false })
        {
            return (null, new BuyResult(
                BuyOutcome.Insufficient, "Your balance does not cover the set-up fee. Top up, then buy the number.",
                Required: fee, Available: held.Available));
        }

        number.SetUpHoldId = held?.HoldId;
        unit.Db.Add(number);
        try
        {
            await unit.CommitAsync(cancellationToken);
            return (number, null);
        }
        catch (DbUpdateException taken) when (
            taken.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            await using var again = await database.BeginAsync(tenantId, cancellationToken);
            return (null, await EarlierAsync(again, attemptKey, wish, cancellationToken)
                ?? new BuyResult(BuyOutcome.Refused, NumberTexts.Taken));
        }
    }

    private async Task<PhoneNumber> FindAsync(Guid tenantId, Guid numberId)
    {
        await using var unit = await database.BeginAsync(tenantId);
        return await unit.Db.Set<PhoneNumber>().AsNoTracking().SingleAsync(number => number.Id == numberId);
    }

    private static async Task<BuyResult?> EarlierAsync(
        UnitOfWork unit, string attemptKey, BuyWish wish, CancellationToken cancellationToken)
    {
        var earlier = await unit.Db.Set<PhoneNumber>().AsNoTracking()
            .SingleOrDefaultAsync(number => number.AttemptKey == attemptKey, cancellationToken);
        return earlier is null ? null
            : earlier.Number == wish.Number ? AnswerOf(earlier)
            : new BuyResult(BuyOutcome.KeyReused, "This attempt was for another number. Load the page again.");
    }

    private static PhoneNumber NumberOf(
        Guid tenantId, Unit plan, BuyWish wish, string attemptKey, Amount fee, DateTimeOffset now) => new()
        {
            Id = Ids.New(),
            TenantId = tenantId,
            Number = wish.Number,
            Country = wish.Country,
            Label = wish.Label,
            State = PhoneNumberState.Buying,
            Unit = plan,
            AttemptKey = attemptKey,
            SetUpE4 = fee.E4,
            AskedAt = now,
            CreatedAt = now,
        };

    private static BuyResult AnswerOf(PhoneNumber number) => number.State switch
    {
        PhoneNumberState.Buying => new BuyResult(BuyOutcome.Pending, NumberTexts.Pending, number),
        PhoneNumberState.NotBought => new BuyResult(BuyOutcome.Refused, number.Trouble ?? NumberTexts.NotFoundThere),
        PhoneNumberState.Active or PhoneNumberState.Suspended or PhoneNumberState.Releasing or PhoneNumberState.Released =>
            new BuyResult(BuyOutcome.Bought, $"{number.Number} is yours.", number),
    };

    // Row-level security: another tenant's number is as unknown as one that never was.
    private static async Task<PhoneNumber?> LockAsync(
        UnitOfWork unit, Guid numberId, CancellationToken cancellationToken) => (await unit.Db.Set<PhoneNumber>()
            .FromSql($"SELECT * FROM phone_numbers WHERE id = {numberId} FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken)).SingleOrDefault();

    [LoggerMessage(LogLevel.Warning, "Twilio's answer about number {NumberId}: {Code}")]
    private static partial void LogFault(ILogger logger, Guid numberId, string code);

    [LoggerMessage(LogLevel.Information, "Number {NumberId} of tenant {TenantId} is given back")]
    private static partial void LogReleased(ILogger logger, Guid numberId, Guid tenantId);

    [LoggerMessage(LogLevel.Error, "Number {NumberId} was sold as {ProviderSid} after its buying was given up; given back")]
    private static partial void LogTooLate(ILogger logger, Guid numberId, string providerSid);
}
