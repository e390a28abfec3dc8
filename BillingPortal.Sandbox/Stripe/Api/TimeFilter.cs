namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>A condition on a time: <c>created=1</c> or <c>created[gte]=1</c>, with gt, gte, lt, lte.</summary>
internal sealed record TimeFilter(long From, long To)
{
    public static TimeFilter Of(Form form, string name)
    {
        if (form.Filled(name) is not null)
        {
            var exactly = form.Integer(name)!.Value;
            return new TimeFilter(exactly, exactly);
        }

        var range = form.Sub(name);
        var from = Math.Max(range?.Integer("gte") ?? 0, (range?.Integer("gt") ?? -1) + 1);
        var to = Math.Min(range?.Integer("lte") ?? long.MaxValue, (range?.Integer("lt") ?? long.MaxValue) - 1);
        return new TimeFilter(from, to);
    }

    public bool Fits(long time) => time >= From && time <= To;
}
