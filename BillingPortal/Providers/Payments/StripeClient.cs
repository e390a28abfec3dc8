using System.Text.Json;

namespace BillingPortal.Providers.Payments;

/// <summary>
/// Stripe, as far as the portal uses it. Every POST carries the caller's idempotency key, which the caller stored
/// before. A card's refusal is a result; faults throw <see cref="ProviderException"/>. Never call it inside a database
/// transaction.
/// </summary>
public sealed class StripeClient : IDisposable
{
    private const int ListPagesMax = 5;
    private readonly StripeTransport _transport;

    internal StripeClient(StripeTransport transport) => _transport = transport;

    public Task<Customer> CreateCustomerAsync(
        CreateCustomer request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync("/v1/customers", StripeForms.Of(request), idempotencyKey, StripeMapping.ToCustomer,
            cancellationToken);

    public Task<Customer> GetCustomerAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/customers/{Safe(id)}", null, StripeMapping.ToCustomer, cancellationToken);

    /// <summary>The card must be attached to the customer already.</summary>
    public Task<Customer> SetDefaultPaymentMethodAsync(
        string customerId, string paymentMethodId, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        var form = new StripeForm { { "invoice_settings[default_payment_method]", paymentMethodId } };
        return PostAsync($"/v1/customers/{Safe(customerId)}", form, idempotencyKey, StripeMapping.ToCustomer,
            cancellationToken);
    }

    public Task<SetupIntent> CreateSetupIntentAsync(
        CreateSetupIntent request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync("/v1/setup_intents", StripeForms.Of(request), idempotencyKey, StripeMapping.ToSetupIntent,
            cancellationToken);

    public Task<SetupIntent> GetSetupIntentAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/setup_intents/{Safe(id)}", null, StripeMapping.ToSetupIntent, cancellationToken);

    /// <summary>Saves a card without a browser, for demo data and tests; people confirm in their browser.</summary>
    public async Task<SetupResult> ConfirmSetupIntentAsync(
        string id, string paymentMethodId, string idempotencyKey, CancellationToken cancellationToken = default)
    {
        var path = $"/v1/setup_intents/{Safe(id)}/confirm";
        var answer = await _transport.PostAsync(path, new StripeForm { { "payment_method", paymentMethodId } },
            idempotencyKey, cancellationToken);
        return answer.IsCardError && answer.Error?.Inner("setup_intent") is { } refused
            ? new SetupResult(StripeMapping.ToSetupIntent(refused), StripeMapping.ToDecline(answer.Error.Value))
            : new SetupResult(Read(answer, path, StripeMapping.ToSetupIntent), Decline: null);
    }

    public Task<PaymentResult> CreatePaymentIntentAsync(
        CreatePayment request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PayAsync("/v1/payment_intents", StripeForms.Of(request), idempotencyKey, cancellationToken);

    public Task<PaymentResult> ConfirmPaymentIntentAsync(
        string id, ConfirmPayment request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PayAsync($"/v1/payment_intents/{Safe(id)}/confirm", StripeForms.Of(request), idempotencyKey, cancellationToken);

    public Task<PaymentIntent> GetPaymentIntentAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/payment_intents/{Safe(id)}", null, StripeMapping.ToPaymentIntent, cancellationToken);

    /// <summary>
    /// Throws <c>payment_intent_unexpected_state</c> where the payment has ended already: read it then.
    /// </summary>
    public Task<PaymentIntent> CancelPaymentIntentAsync(
        string id, CancelReason reason, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync($"/v1/payment_intents/{Safe(id)}/cancel", StripeForms.Of(reason), idempotencyKey,
            StripeMapping.ToPaymentIntent, cancellationToken);

    /// <summary>Newest first.</summary>
    public Task<ProviderPage<PaymentIntent>> ListPaymentIntentsAsync(
        ListQuery query, CancellationToken cancellationToken = default) =>
        GetAsync("/v1/payment_intents", StripeForms.Of(query), page =>
            StripeMapping.ToPage(page, StripeMapping.ToPaymentIntent), cancellationToken);

    /// <summary>The customer's cards, newest first, 500 at most.</summary>
    public Task<IReadOnlyList<PaymentMethod>> ListPaymentMethodsAsync(
        string customerId, CancellationToken cancellationToken = default) =>
        ListAsync($"/v1/customers/{Safe(customerId)}/payment_methods", ("type", "card"),
            StripeMapping.ToPaymentMethod, card => card.Id, cancellationToken);

    public Task<PaymentMethod> GetPaymentMethodAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/payment_methods/{Safe(id)}", null, StripeMapping.ToPaymentMethod, cancellationToken);

    public Task<PaymentMethod> DetachPaymentMethodAsync(
        string id, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync($"/v1/payment_methods/{Safe(id)}/detach", [], idempotencyKey, StripeMapping.ToPaymentMethod,
            cancellationToken);

    public Task<CheckoutSession> CreateCheckoutSessionAsync(
        CreateCheckout request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync("/v1/checkout/sessions", StripeForms.Of(request), idempotencyKey, StripeMapping.ToCheckout,
            cancellationToken);

    public Task<CheckoutSession> GetCheckoutSessionAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/checkout/sessions/{Safe(id)}", null, StripeMapping.ToCheckout, cancellationToken);

    public Task<CheckoutSession> ExpireCheckoutSessionAsync(
        string id, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync($"/v1/checkout/sessions/{Safe(id)}/expire", [], idempotencyKey, StripeMapping.ToCheckout,
            cancellationToken);

    public Task<Refund> CreateRefundAsync(
        CreateRefund request, string idempotencyKey, CancellationToken cancellationToken = default) =>
        PostAsync("/v1/refunds", StripeForms.Of(request), idempotencyKey, StripeMapping.ToRefund, cancellationToken);

    public Task<Refund> GetRefundAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/refunds/{Safe(id)}", null, StripeMapping.ToRefund, cancellationToken);

    public Task<Charge> GetChargeAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/charges/{Safe(id)}", null, StripeMapping.ToCharge, cancellationToken);

    public Task<Dispute> GetDisputeAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync($"/v1/disputes/{Safe(id)}", null, StripeMapping.ToDispute, cancellationToken);

    /// <summary>Every refund of a payment, newest first, 500 at most.</summary>
    public Task<IReadOnlyList<Refund>> ListRefundsAsync(
        string paymentIntentId, CancellationToken cancellationToken = default) =>
        ListAsync("/v1/refunds", ("payment_intent", paymentIntentId), StripeMapping.ToRefund,
            refund => refund.Id, cancellationToken);

    /// <summary>Every dispute over a payment, newest first, 500 at most.</summary>
    public Task<IReadOnlyList<Dispute>> ListDisputesAsync(
        string paymentIntentId, CancellationToken cancellationToken = default) =>
        ListAsync("/v1/disputes", ("payment_intent", paymentIntentId), StripeMapping.ToDispute,
            dispute => dispute.Id, cancellationToken);

    /// <summary>What happened, newest first. Stripe keeps 30 days.</summary>
    public Task<ProviderPage<ProviderEvent>> ListEventsAsync(
        ListQuery query, CancellationToken cancellationToken = default) =>
        GetAsync("/v1/events", StripeForms.Of(query), page =>
            StripeMapping.ToPage(page, StripeMapping.ToEvent), cancellationToken);

    public void Dispose() => _transport.Dispose();

    private async Task<PaymentResult> PayAsync(
        string path, StripeForm form, string idempotencyKey, CancellationToken cancellationToken)
    {
        var answer = await _transport.PostAsync(path, form, idempotencyKey, cancellationToken);
        return answer.IsCardError && answer.Error?.Inner("payment_intent") is { } refused
            ? new PaymentResult(StripeMapping.ToPaymentIntent(refused), StripeMapping.ToDecline(answer.Error.Value))
            : new PaymentResult(Read(answer, path, StripeMapping.ToPaymentIntent), Decline: null);
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(
        string path, (string Name, string Value) filter, Func<JsonElement, T> map, Func<T, string> idOf,
        CancellationToken cancellationToken)
    {
        var items = new List<T>();
        for (var pages = 0; pages < ListPagesMax; pages++)
        {
            var (name, value) = filter;
            var query = new StripeForm
            {
                { name, value }, { "limit", 100 }, { "starting_after", items.Select(idOf).LastOrDefault() },
            };
            var page = await GetAsync(path, query, json => StripeMapping.ToPage(json, map), cancellationToken);
            items.AddRange(page.Items);
            if (!page.HasMore)
            {
                break;
            }
        }

        return items;
    }

    private async Task<T> GetAsync<T>(
        string path, StripeForm? query, Func<JsonElement, T> map, CancellationToken cancellationToken) =>
        Read(await _transport.GetAsync(path, query, cancellationToken), path, map);

    private async Task<T> PostAsync<T>(
        string path, StripeForm form, string idempotencyKey, Func<JsonElement, T> map,
            CancellationToken cancellationToken) =>
        Read(await _transport.PostAsync(path, form, idempotencyKey, cancellationToken), path, map);

    private static T Read<T>(StripeAnswer answer, string path, Func<JsonElement, T> map)
    {
        if (answer.IsCardError)
        {
            throw new ProviderException(
                answer.Code, $"Stripe refused {path}: {answer.Code}.", isRetryable: false, isOutcomeUnknown: false);
        }

        try
        {
            return map(answer.Body!.Value);
        }
        catch (Exception exception) when (exception is JsonException or UriFormatException)
        {
            throw new ProviderException(
                "unreadable_answer", $"Stripe's answer to {path} could not be read.", isRetryable: true,
                    isOutcomeUnknown: true, exception);
        }
    }

    // An id goes into a path: whatever a browser sent must not lead elsewhere.
    private static string Safe(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Uri.EscapeDataString(id);
    }
}
