namespace BillingPortal.Faults.Scene;

/// <summary>A tenant of the run, and what its program needs to work with the portal.</summary>
/// <param name="Index">Its place in the plan.</param>
/// <param name="Id">The tenant.</param>
/// <param name="ApiKey">With all scopes.</param>
/// <param name="CustomerId">At Stripe.</param>
/// <param name="CardId">The saved card.</param>
/// <param name="Mailbox">Where its mails go; nobody else's.</param>
internal sealed record Customer(int Index, Guid Id, string ApiKey, string CustomerId, string CardId, string Mailbox);
