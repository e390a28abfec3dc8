using System.Net;
using System.Text.Json;

namespace BillingPortal.Tests.Web.Description;

/// <summary>
/// docs/api.md and the examples of the description never lie: what is drawn is up to date, and each curl is sent to a portal with
/// the demo data and answered as it is written there. After a change: <c>UPDATE_API_GUIDE=1 ./test ApiGuideTests</c>.
/// </summary>
public sealed class ApiGuideTests(GuidePortal portal) : IClassFixture<GuidePortal>
{
    [Fact]
    public async Task The_drawn_parts_are_what_the_description_and_the_catalog_say()
    {
        var text = await File.ReadAllTextAsync(ApiGuide.File);
        var drawn = ApiGuide.Redraw(text, await portal.DocumentAsync());
        if (Environment.GetEnvironmentVariable("UPDATE_API_GUIDE") == "1")
        {
            await File.WriteAllTextAsync(ApiGuide.File, drawn);
            return;
        }

        Assert.True(text == drawn, "docs/api.md is behind. Draw it anew: UPDATE_API_GUIDE=1 ./test ApiGuideTests");
    }

    [Fact]
    public async Task Every_curl_of_the_file_is_answered_as_it_says()
    {
        var calls = ApiGuide.Calls(await File.ReadAllTextAsync(ApiGuide.File)).ToList();
        Assert.True(calls.Count > 30, $"{calls.Count} calls");
        var wrong = new List<string>();
        foreach (var (curl, status) in calls)
        {
            var call = CurlCall.Parse(curl, await portal.VariablesAsync(curl));
            using var answer = await portal.SendAsync(call);
            if ((int)answer.StatusCode != status)
            {
                wrong.Add($"{call}: {(int)answer.StatusCode}, not {status}: {await answer.Content.ReadAsStringAsync()}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Every_example_of_the_description_is_answered_in_the_shape_that_is_described()
    {
        var document = await portal.DocumentAsync();
        var check = new SchemaCheck(document);
        var wrong = new List<string>();
        foreach (var (name, operation) in DescriptionTests.Operations(document))
        {
            foreach (var sample in operation.GetProperty("x-codeSamples").EnumerateArray())
            {
                var curl = sample.GetProperty("source").GetString()!;
                var call = CurlCall.Parse(curl, await portal.VariablesAsync(curl));
                using var answer = await portal.SendAsync(call);
                wrong.AddRange((await FaultsAsync(check, operation, answer)).Select(fault => $"{name}, {call}: {fault}"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(SchemaCheck check, JsonElement operation, HttpResponseMessage answer)
    {
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            return [$"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}"];
        }

        var type = answer.Content.Headers.ContentType!.MediaType!;
        if (!operation.GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty(type, out var content))
        {
            return [$"the answer is {type}"];
        }

        return type != "application/json"
            ? []
            : check.Faults(content.GetProperty("schema"), JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }
}
