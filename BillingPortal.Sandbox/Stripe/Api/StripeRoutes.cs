namespace BillingPortal.Sandbox.Stripe.Api;

/// <summary>Which key may call an endpoint.</summary>
internal enum KeyKind
{
    SecretOnly,
    SecretOrPublishable,
}

/// <summary>One endpoint: its path, the parameters it knows, and what it does.</summary>
internal sealed record StripeEndpoint(
    string Path, IReadOnlySet<string> Parameters, StripeHandler Handle, KeyKind Keys);

/// <summary>
/// Maps Stripe's endpoints below <c>/stripe/v1</c>; a parameter that is not listed is refused, as there.
/// </summary>
internal sealed class StripeRoutes(IEndpointRouteBuilder routes, StripePipeline pipeline)
{
    public const string Paging = "limit starting_after ending_before";

    public void Get(string path, string parameters, StripeHandler handler, KeyKind keys = KeyKind.SecretOnly) =>
        routes.MapGet("/stripe/v1" + path, Run(path, parameters, handler, keys));

    public void Post(string path, string parameters, StripeHandler handler, KeyKind keys = KeyKind.SecretOnly) =>
        routes.MapPost("/stripe/v1" + path, Run(path, parameters, handler, keys));

    public void Delete(string path, StripeHandler handler) =>
        routes.MapDelete("/stripe/v1" + path, Run(path, "", handler, KeyKind.SecretOnly));

    private RequestDelegate Run(string path, string parameters, StripeHandler handler, KeyKind keys)
    {
        var known = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append("expand");
        if (keys == KeyKind.SecretOrPublishable)
        {
            known = known.Concat(["client_secret", "key"]);
        }

        var endpoint = new StripeEndpoint(path, known.ToHashSet(StringComparer.Ordinal), handler, keys);
        return context => pipeline.RunAsync(context, endpoint);
    }
}
