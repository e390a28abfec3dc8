using System.Collections.Concurrent;
using System.Net.Http.Json;
using BillingPortal.Tests.Support;
using Microsoft.Playwright;

namespace BillingPortal.Tests.Nodes;

/// <summary>Every node is stopped with SIGTERM and started again while programs post and people read, and nobody notices.</summary>
[Collection(NodesScene.Collection)]
public sealed class RollingRestartTests(NodesScene scene)
{
    private const int Programs = 4;
    private const int Readers = 2;

    [Fact]
    public async Task A_rolling_restart_under_load_fails_no_request_and_loses_no_posting()
    {
        var tenant = await scene.TenantAsync(credits: 1_000_000);
        await using var person = await OpenAsync(tenant);
        using var enough = new CancellationTokenSource();
        var (acknowledged, failures) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var load = Enumerable.Range(0, Programs).Select(i => PostAsync(tenant, i, acknowledged, failures, enough.Token))
            .Concat(Enumerable.Range(0, Readers).Select(_ => ReadAsync(tenant, failures, enough.Token)))
            .ToList();

        for (var node = 0; node < scene.NodeCount; node++)
        {
            var before = acknowledged.Count;
            await scene.EventuallyAsync(() => Task.FromResult(acknowledged.Count > before + 20), "the load is under way");
            await scene.StopAsync(node);
            await scene.StartAsync(node);
        }

        await enough.CancelAsync();
        await Task.WhenAll(load);

        Assert.Empty(failures);
        Assert.Equal(
            acknowledged.Count,
            await scene.ScalarAsync<long>("SELECT count(*) FROM entries WHERE tenant_id = $1 AND kind = 'usage'", tenant.Id));
        Assert.Equal(
            acknowledged.Count,
            await scene.ScalarAsync<long>(
                "SELECT count(*) FROM usage_events WHERE tenant_id = $1 AND reference_id = ANY ($2)", tenant.Id, acknowledged.ToArray()));
        await scene.AssertBooksAsync();
        await AssertAliveAsync(person, 1_000_000 - acknowledged.Count);
    }

    private async Task PostAsync(
        NodeTenant tenant, int program, ConcurrentBag<string> acknowledged, ConcurrentBag<string> failures, CancellationToken enough)
    {
        using var client = NodesScene.Program(tenant, scene.ProxyAddress);
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var reference = $"rolling-{program}-{i}";
            await NoteAsync(failures, async () =>
            {
                using var answer = await client.PostAsJsonAsync(
                    "/api/usage", new { service = "email", quantity = 1, reference_id = reference });
                if (answer.IsSuccessStatusCode)
                {
                    acknowledged.Add(reference);
                }

                return answer;
            });
        }
    }

    private async Task ReadAsync(NodeTenant tenant, ConcurrentBag<string> failures, CancellationToken enough)
    {
        using var browser = NodesScene.Browser(scene.ProxyAddress);
        await NodesScene.SignInAsync(browser, tenant);
        while (!enough.IsCancellationRequested)
        {
            await NoteAsync(failures, () => browser.GetAsync("/"));
            await NoteAsync(failures, () => browser.GetAsync("/transactions"));
        }
    }

    private static async Task NoteAsync(ConcurrentBag<string> failures, Func<Task<HttpResponseMessage>> request)
    {
        try
        {
            using var answer = await request();
            if (!answer.IsSuccessStatusCode)
            {
                failures.Add($"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}");
            }
        }
        catch (HttpRequestException exception)
        {
            failures.Add(exception.ToString());
        }
    }

    // A person who has the overview open all the while.
    private async Task<IBrowserContext> OpenAsync(NodeTenant tenant)
    {
        var context = await (await Chromium.SharedAsync()).NewContextAsync(new() { BaseURL = scene.ProxyAddress.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Email").FillAsync(tenant.Email);
        await page.GetByLabel("Password").FillAsync(PortalHost.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByTestId("available").WaitForAsync();
        await page.Locator("[data-ready=yes]").First.WaitForAsync();
        return context;
    }

    // Both of its nodes are new processes by now: the page came back by itself, and lives.
    private static async Task AssertAliveAsync(IBrowserContext person, int credits)
    {
        var page = person.Pages[0];
        await Assertions.Expect(page.GetByTestId("available")).ToHaveTextAsync(
            System.FormattableString.Invariant($"{credits:N0} credits"), new() { Timeout = 60_000 });
        await page.Locator("[data-ready=yes]").First.WaitForAsync(new() { Timeout = 60_000 });
        await page.CloseAsync();
    }
}
