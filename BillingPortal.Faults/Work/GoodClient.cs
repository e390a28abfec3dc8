using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using BillingPortal.Faults.Scene;

namespace BillingPortal.Faults.Work;

/// <summary>A clear answer.</summary>
internal sealed record Answer(int Status, JsonNode? Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public string Code => (string?)Body?["code"] ?? "";
}

/// <summary>
/// A customer's program as docs/api.md wants it: every call under a key of its own, repeated with the same key and growing waits after
/// whatever is unclear (no answer, 409 in use, 429, 500, 502, 503, 504), by the next portal.
/// </summary>
internal sealed class GoodClient(World world) : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(15) };
    private int _turn;
    private int _retries;

    public int Retries => _retries;

    /// <returns>Null when no clear answer came before the end.</returns>
    public async Task<Answer?> PostAsync(Customer customer, string path, string key, object? body, CancellationToken end)
    {
        for (var wait = TimeSpan.FromMilliseconds(200); !end.IsCancellationRequested; Interlocked.Increment(ref _retries))
        {
            if (await TryAsync(customer, path, key, body, end) is { } answer && !IsUnclear(answer))
            {
                return answer;
            }

            await Task.Delay(wait, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 1.7 < WaitMax ? wait * 1.7 : WaitMax;
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    private static bool IsUnclear(Answer answer) =>
        answer.Status is 429 or >= 500 || answer is { Status: 409, Code: "idempotency_key_in_use" };

    private async Task<Answer?> TryAsync(Customer customer, string path, string key, object? body, CancellationToken end)
    {
        var portal = (int)((uint)Interlocked.Increment(ref _turn) % world.Portals);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(world.PortalAddress(portal), path))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customer.ApiKey);
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await _http.SendAsync(request, end);
            var text = await answer.Content.ReadAsStringAsync(end);
            return new Answer((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return null;
        }
    }
}
