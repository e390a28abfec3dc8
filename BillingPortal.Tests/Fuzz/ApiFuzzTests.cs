using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Fuzz;

/// <summary>
/// Every address under <c>/api</c> of the route table, with spoilt bodies, queries and ids: never a failure of ours, always a problem
/// with a known code, and the books as they were proven.
/// </summary>
public sealed partial class ApiFuzzTests(FuzzPortal portal) : IClassFixture<FuzzPortal>
{
    private static readonly Dictionary<string, int> Codes =
        ProblemCatalog.All.ToDictionary(code => code.Code, code => code.Status);

    [Fact]
    public async Task Whatever_is_sent_the_answer_is_a_known_one()
    {
        var tenant = await portal.TenantAsync();
        var described = await OperationsAsync();
        using var program = await portal.ProgramAsync(tenant);
        var addresses = Addresses().ToList();
        Assert.True(addresses.Count > 30, $"Only {addresses.Count} addresses.");
        var wrong = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Mutator.Inputs(3_000)), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (number, cancellationToken) =>
            {
                var mutator = new Mutator(Mutator.Seed + number);
                var (method, path) = addresses[number % addresses.Count];
                using var request = Request(mutator, method, path, described.GetValueOrDefault($"{method} {path}"));
                if (await FaultAsync(program, request, cancellationToken) is { } fault)
                {
                    var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
                    wrong.Add($"seed {Mutator.Seed + number}: {method} {request.RequestUri} {Shorten(body)}\n    {fault}");
                }
            });

        Assert.True(wrong.IsEmpty, $"{wrong.Count} wrong answers:\n{string.Join('\n', wrong.Order().Take(25))}");
        await portal.AssertUnharmedAsync();
    }

    private static async Task<string?> FaultAsync(HttpClient program, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await program.SendAsync(request, cancellationToken);
        var status = (int)response.StatusCode;
        if (status < 400)
        {
            return null;
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            // Kestrel itself refuses what is no HTTP, or too much of it.
            return status is 400 or 414 && text.Length == 0 ? null : $"{status} without a problem: {Shorten(text)}";
        }

        var problem = JsonNode.Parse(text)!.AsObject();
        var code = (string?)problem["code"] ?? "";
        return !Codes.TryGetValue(code, out var expected) ? $"{status} with the unknown code '{code}': {Shorten(text)}"
            : expected != status ? $"{status} with the code '{code}', which is a {expected}"
            : status == 500 ? $"500: {Shorten(text)}"
            : null;
    }

    private static HttpRequestMessage Request(Mutator mutator, string method, string path, Operation? operation)
    {
        var filled = Parameter().Replace(path, part => mutator.Next(3) switch
        {
            0 when mutator.Text() is { Length: > 0 and < 200 } text =>
                Uri.EscapeDataString(text.Replace("/", "", StringComparison.Ordinal)),
            1 => $"{Ids.New()}",
            _ => "2026-11",
        });
        var query = new List<string>();
        foreach (var name in (operation?.Query ?? []).Append("x").Where(_ => mutator.Next(2) == 0))
        {
            query.Add($"{name}={Escape(mutator.Text())}");
        }

        var target = query.Count == 0 ? filled : $"{filled}?{string.Join('&', query)}";
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(target, UriKind.Relative));
        if (method is "POST" or "PUT" or "PATCH" || mutator.Next(20) == 0)
        {
            var json = mutator.Json(operation is { Bodies: [_, ..] bodies } ? mutator.Pick(bodies) : new JsonObject { ["id"] = "x" });
            var type = mutator.Next(15) switch { 0 => "text/plain", 1 => "application/x-www-form-urlencoded", _ => "application/json" };
            request.Content = new ByteArrayContent(mutator.Next(10) == 0
                ? mutator.Spoil(Encoding.UTF8.GetBytes(json))
                : Encoding.UTF8.GetBytes(json));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (mutator.Next(4) == 0)
        {
            var key = new string([.. mutator.Text().Where(letter => letter is >= ' ' and < (char)127)]);
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (mutator.Next(4) == 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", mutator.Pick((string[])["text/csv", "*/*", "x", "text/html"]));
        }

        return request;
    }

    private static string Escape(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return string.Concat(bytes.Take(4_000).Select(one => $"%{one.ToString("X2", CultureInfo.InvariantCulture)}"));
    }

    private static string Shorten(string text) => text.Length <= 300 ? text : $"{text[..300]}… ({text.Length})";

    private IEnumerable<(string Method, string Path)> Addresses() =>
        from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where path.StartsWith("/api/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        orderby path, method
        select (method, path);

    // What the description says of each: names of the query, and examples of the body.
    private async Task<Dictionary<string, Operation>> OperationsAsync()
    {
        var found = new Dictionary<string, Operation>(StringComparer.Ordinal);
        using var browser = portal.Browser();
        var document = JsonNode.Parse(await browser.GetStringAsync("/openapi/v1.json"))!;
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var query = operation!["parameters"]?.AsArray().Where(one => (string?)one!["in"] == "query")
                    .Select(one => (string)one!["name"]!) ?? [];
                var content = operation["requestBody"]?["content"]?["application/json"];
                var examples = content?["examples"]?.AsObject().Select(one => one.Value?["value"]).OfType<JsonNode>() ?? [];
                found[$"{method.ToUpperInvariant()} {path}"] = new Operation(
                    [.. query], [.. examples, .. content?["example"] is { } one ? (JsonNode[])[one] : []]);
            }
        }

        Assert.Contains(found.Values, operation => operation.Bodies.Count > 0);
        return found;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    /// <summary>What may be said to an address.</summary>
    private sealed record Operation(IReadOnlyList<string> Query, IReadOnlyList<JsonNode> Bodies);
}
