namespace BillingPortal.Wallet;

/// <summary>The answer of <c>GET /api/wallet</c>: the dollar account, whatever the plan. Transactions newest first.</summary>
public sealed record WalletAnswer(
    decimal Balance, decimal Held, decimal Available, decimal Debt, string Currency,
    IReadOnlyList<TransactionsAnswer.Row> Transactions);
