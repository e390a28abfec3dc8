using BillingPortal.Sandbox.Storage;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Control;

/// <summary>What was charged, per customer and in sum, so that a test can say "charged once".</summary>
internal sealed record PaymentsSummary(
    long SucceededAmount, int SucceededCharges, IReadOnlyList<CustomerPayments> Customers)
{
    public static PaymentsSummary Of(World world) => world.Run(change =>
    {
        var charges = change.NewestFirst<Charge>().ToList();
        var customers = charges.GroupBy(charge => charge.Customer).Select(group => new CustomerPayments(
            group.Key,
            group.Where(charge => charge.Paid).Sum(charge => charge.Amount),
            group.Count(charge => charge.Paid),
            group.Count(charge => !charge.Paid),
            group.Sum(charge => charge.AmountRefunded))).ToList();
        return new PaymentsSummary(
            customers.Sum(one => one.SucceededAmount), customers.Sum(one => one.SucceededCharges), customers);
    });
}

/// <summary>One customer's charges, in cents; the customer is null for payments without one.</summary>
internal sealed record CustomerPayments(
    string? Customer, long SucceededAmount, int SucceededCharges, int FailedCharges, long RefundedAmount);
