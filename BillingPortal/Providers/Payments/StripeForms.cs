namespace BillingPortal.Providers.Payments;

/// <summary>
/// Our requests in Stripe's words. Payment method types are left to Stripe: naming them is an error since
/// 2026-09-30.endive.
/// </summary>
internal static class StripeForms
{
    public static StripeForm Of(CreateCustomer request) => new()
    {
        { "email", request.Email },
        { "name", request.Name },
        { "metadata", request.Metadata },
    };

    public static StripeForm Of(CreateSetupIntent request) => new()
    {
        { "customer", request.CustomerId },
        { "usage", "off_session" },
        { "automatic_payment_methods[enabled]", true },
        { "automatic_payment_methods[allow_redirects]", "never" },
        { "metadata", request.Metadata },
    };

    public static StripeForm Of(CreatePayment request)
    {
        var form = new StripeForm
        {
            { "amount", request.AmountCents },
            { "currency", request.Currency },
            { "customer", request.CustomerId },
            { "automatic_payment_methods[enabled]", true },
            // Cards need no redirect, and a payment made here may be confirmed on the server later.
            { "automatic_payment_methods[allow_redirects]", "never" },
            // Without it a person could choose two small test deposits, which take days before anything is paid.
            { "payment_method_options[us_bank_account][verification_method]", "instant" },
            { "payment_method", request.PaymentMethodId },
            { "description", request.Description },
            { "metadata", request.Metadata },
        };
        if (request.SaveCard)
        {
            form.Add("setup_future_usage", "off_session");
        }

        if (request.Confirm)
        {
            form.Add("confirm", true);
            form.Add("off_session", request.OffSession); // only allowed together with confirm
        }

        return form;
    }

    public static StripeForm Of(ConfirmPayment request) => new()
    {
        { "payment_method", request.PaymentMethodId },
        { "off_session", request.OffSession },
        { "return_url", request.ReturnUrl?.AbsoluteUri },
    };

    public static StripeForm Of(CreateCheckout request)
    {
        var form = new StripeForm
        {
            { "mode", "payment" },
            { "customer", request.CustomerId },
            { "line_items[0][quantity]", 1 },
            { "line_items[0][price_data][currency]", request.Currency },
            { "line_items[0][price_data][unit_amount]", request.AmountCents },
            { "line_items[0][price_data][product_data][name]", request.ProductName },
            { "success_url", request.SuccessUrl },
            { "cancel_url", request.CancelUrl },
            { "client_reference_id", request.ClientReferenceId },
            { "expires_at", request.ExpiresAt },
            { "metadata", request.Metadata },
            { "payment_intent_data[metadata]", request.Metadata },
        };
        if (request.SaveCard)
        {
            form.Add("payment_intent_data[setup_future_usage]", "off_session");
        }

        return form;
    }

    public static StripeForm Of(CreateRefund request) => new()
    {
        { "payment_intent", request.PaymentIntentId },
        { "amount", request.AmountCents },
        { "reason", request.Reason switch
            {
                RefundReason.Duplicate => "duplicate",
                RefundReason.Fraudulent => "fraudulent",
                RefundReason.RequestedByCustomer => "requested_by_customer",
                null => null,
            }
        },
        { "metadata", request.Metadata },
    };

    public static StripeForm Of(CancelReason reason) => new()
    {
        { "cancellation_reason", reason switch
            {
                CancelReason.Abandoned => "abandoned",
                CancelReason.Duplicate => "duplicate",
                CancelReason.Fraudulent => "fraudulent",
                CancelReason.RequestedByCustomer => "requested_by_customer",
            }
        },
    };

    public static StripeForm Of(ListQuery query) => new()
    {
        { "limit", query.Limit },
        { "created[gte]", query.CreatedSince },
        { "created[lt]", query.CreatedBefore },
        { "starting_after", query.StartingAfter },
        { "customer", query.CustomerId },
    };
}
