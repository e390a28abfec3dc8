using System.Net;
using BillingPortal.Data;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using BillingPortal.Tests.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>Guessing over real HTTP, at two portals on one database.</summary>
public sealed class GuessingTests(GuessingTests.TwoNodes nodes) : IClassFixture<GuessingTests.TwoNodes>
{
    [Fact]
    public async Task Guessing_at_two_nodes_in_turn_is_slowed_down_as_at_one()
    {
        var email = $"{Ids.New():N}@tests.example";
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.Equal(HttpStatusCode.OK, (await SignInAsync(nodes.Node(attempt).Browser(), email, "guess")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(nodes.First.Browser(), email, "guess")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(nodes.Second.Browser(), email, "guess")).StatusCode);
    }

    [Fact]
    public async Task Strangers_cannot_lock_a_person_out_of_a_browser_that_the_person_has_used()
    {
        var email = await nodes.First.PersonAsync(await nodes.First.TenantAsync(), MemberRole.Owner);
        var own = await nodes.First.SignedInAsync(email);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await SignInAsync(nodes.First.Browser(), email, "guess");
        }

        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(nodes.First.Browser(), email, PortalHost.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(own, email, PortalHost.Password)).StatusCode);
    }

    // Unknown address, known one, locked one: as long as the slowest part is the same, and each answer has the same words.
    [Fact]
    public async Task Every_refusal_hashes_one_password_and_says_the_same()
    {
        var known = await nodes.First.PersonAsync(await nodes.First.TenantAsync(), MemberRole.Owner);
        var pages = new List<string>();
        await SignInAsync(nodes.First.Browser(), "first@tests.example", "guess");
        foreach (var email in new[] { "nobody@tests.example", known, known, known, known, known, known })
        {
            var before = nodes.First.Hasher.Checked;
            var answer = await SignInAsync(nodes.First.Browser(), email, "guess");
            Assert.Equal(1, nodes.First.Hasher.Checked - before);
            pages.Add(WithoutWhatVaries(await answer.Content.ReadAsStringAsync(), email));
        }

        Assert.Single(pages.Distinct());
    }

    [Fact]
    public async Task Bad_keys_from_one_address_are_slowed_down_and_good_ones_go_on()
    {
        var bad = nodes.Second.Bearer("bp_live_nobodys");
        HttpResponseMessage answer;
        var tries = 0;
        do
        {
            answer = await bad.GetAsync("/api/credits");
        }
        while (answer.StatusCode is HttpStatusCode.Unauthorized && ++tries < 80);

        Assert.Equal(60, tries);
        await IdempotencyTests.AssertProblemAsync(answer, HttpStatusCode.TooManyRequests, "rate_limited");
        var good = await nodes.Second.ProgramAsync(await nodes.Second.TenantAsync());
        Assert.Equal(HttpStatusCode.OK, (await good.GetAsync("/api/credits")).StatusCode);
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string email, string password) => PortalHost.PostFormAsync(
        browser, "/sign-in", "sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = password });

    // The token of the form and the nonce are new with every answer.
    private static string WithoutWhatVaries(string page, string email)
    {
        var form = page[page.IndexOf("<main", StringComparison.Ordinal)..page.IndexOf("</form>", StringComparison.Ordinal)];
        var token = form.IndexOf("__RequestVerificationToken", StringComparison.Ordinal);
        var end = form.IndexOf("/>", token, StringComparison.Ordinal);
        return (form[..token] + form[end..]).Replace(email, "", StringComparison.Ordinal);
    }

    /// <summary>Two portals on the first one's database.</summary>
    public sealed class TwoNodes : IAsyncLifetime
    {
        public CountingPortal First { get; } = new();

        public PortalHost Second { get; private set; } = null!;

        public PortalHost Node(int number) => number % 2 == 0 ? First : Second;

        public async ValueTask InitializeAsync()
        {
            await First.InitializeAsync();
            Second = new OtherNode(First);
            await Second.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Second.DisposeAsync();
            await First.DisposeAsync();
        }
    }

    /// <summary>A portal that counts how often a password is checked.</summary>
    public sealed class CountingPortal : PortalHost
    {
        public CountingHasher Hasher { get; } = new();

        protected override void Configure(IServiceCollection services) => services.AddSingleton<IPasswordHasher<User>>(Hasher);
    }

    /// <summary>Identity's own, counted.</summary>
    public sealed class CountingHasher : PasswordHasher<User>
    {
        private int _checked;

        public int Checked => _checked;

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _checked);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }

    private sealed class OtherNode(PortalHost first) : PortalHost
    {
        protected override Task<ConnectionStrings> DatabaseAsync() => Task.FromResult(first.Connections);
    }
}
