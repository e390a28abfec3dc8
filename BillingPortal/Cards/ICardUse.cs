namespace BillingPortal.Cards;

/// <summary>What cards must know of auto-recharge, which lives above this room and implements it.</summary>
public interface ICardUse
{
    /// <summary>
    /// What removing this card would switch off, as a sentence for the person who is about to do it; null when it
    /// switches off nothing.
    /// </summary>
    Task<string?> WhatStopsWithoutAsync(Guid tenantId, Guid cardId, CancellationToken cancellationToken);
}
