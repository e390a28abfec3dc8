using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using BillingPortal.Kernel;
using BillingPortal.Providers;

namespace BillingPortal.Benchmarks;

/// <summary>
/// Tenants that the shipped portal can charge: 150 credits, a rule of 250 below 100, a customer with a saved card at the sandbox.
/// </summary>
internal static class PayingTenants
{
    private const int CallsAtOnce = 16;

    public static async Task<PayingTenant[]> SeedAsync(BenchmarkServer server, Uri sandbox, int count)
    {
        using var stripe = new HttpClient { BaseAddress = new Uri(sandbox, "/stripe/v1/") };
        stripe.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SandboxDefaults.StripeSecretKey);
        var tenants = new PayingTenant[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce }, async (n, _) =>
        {
            var customer = await PostAsync(stripe, "customers", ("email", $"billing@bench-{n}.example"));
            var setup = await PostAsync(
                stripe, "setup_intents", ("customer", customer["id"]!.ToString()), ("payment_method", "pm_card_visa"), ("confirm", "true"),
                ("automatic_payment_methods[enabled]", "true"), ("automatic_payment_methods[allow_redirects]", "never"));
            tenants[n] = new PayingTenant(Ids.New(), customer["id"]!.ToString(), setup["payment_method"]!.ToString());
        });
        await server.ExecuteAsync(
            "CREATE SCHEMA IF NOT EXISTS bench; CREATE TABLE bench.payers (n serial, id uuid, customer_id text, card_id text)");
        await using (var insert = server.Owner.CreateCommand(
            "INSERT INTO bench.payers (id, customer_id, card_id) SELECT * FROM unnest($1, $2, $3)"))
        {
            insert.Parameters.Add(new() { Value = tenants.Select(tenant => tenant.Id).ToArray() });
            insert.Parameters.Add(new() { Value = tenants.Select(tenant => tenant.CustomerId).ToArray() });
            insert.Parameters.Add(new() { Value = tenants.Select(tenant => tenant.CardId).ToArray() });
            await insert.ExecuteNonQueryAsync();
        }

        foreach (var (_, sql) in await SeedScript.StepsAsync("payers.sql"))
        {
            await server.ExecuteAsync(sql);
        }

        return tenants;
    }

    private static async Task<JsonNode> PostAsync(HttpClient stripe, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await stripe.PostAsync(new Uri(path, UriKind.Relative), form);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!
            : throw new InvalidOperationException($"The sandbox answered {(int)answer.StatusCode} to {path}: {text}");
    }
}

/// <summary>Our id of a tenant, and Stripe's of its customer and card.</summary>
internal sealed record PayingTenant(Guid Id, string CustomerId, string CardId);
