using BillingPortal.Components;
using BillingPortal.Components.Layout;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace BillingPortal.Tests.Components;

/// <summary>The frame around every page.</summary>
public sealed class ShellTests : BunitContext
{
    private static readonly RenderFragment Page = builder => builder.AddMarkupContent(0, "<p id=\"page\">the page</p>");

    [Fact]
    public void Before_the_circuit_the_shell_stands_with_a_skeleton_and_is_not_ready()
    {
        Use(Sessions.Of(Sessions.Tenant()), sandbox: false);
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));
        var shell = Render<MainLayout>(p => p.Add(x => x.Body, Page).SetAssignedRenderMode(
            Microsoft.AspNetCore.Components.Web.RenderMode.InteractiveServer));

        Assert.Equal("no", shell.Find(".shell").GetAttribute("data-ready"));
        Assert.Empty(shell.FindAll("#page"));
        Assert.NotEmpty(shell.FindAll(".page-skeleton"));
        Assert.Contains("Acme Voice", shell.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void In_its_circuit_the_page_stands_and_the_shell_is_ready()
    {
        Use(Sessions.Of(Sessions.Tenant()), sandbox: false);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var shell = Render<MainLayout>(p => p.Add(x => x.Body, Page));

        Assert.Equal("yes", shell.Find(".shell").GetAttribute("data-ready"));
        Assert.Equal("the page", shell.Find("#main #page").TextContent);
    }

    [Fact]
    public void Staff_see_the_desk_and_no_tenants_pages()
    {
        Use(Sessions.Of(StaffRole.Lead), sandbox: false);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        var navigation = Render<NavigationBar>();

        Assert.All(
            navigation.FindAll("a"), link => Assert.StartsWith("/staff", link.GetAttribute("href"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wallet", "/wallet")]
    [InlineData("wallet/months/2026-11", "/wallet")]
    [InlineData("statements", "/wallet")]
    [InlineData("statements-of-others", null)]
    [InlineData("", "/")]
    public void A_page_lights_the_entry_that_stands_for_it(string address, string? lit)
    {
        Use(Sessions.Of(Sessions.Tenant()), sandbox: false);
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);

        var active = Render<NavigationBar>().FindAll("a.active").Select(link => link.GetAttribute("href"));

        Assert.Equal(lit is null ? [] : [lit], active);
    }

    [Fact]
    public void Every_entry_of_the_navigation_leads_to_a_page_that_exists()
    {
        var routes = typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes(typeof(RouteAttribute), false))
            .Cast<RouteAttribute>().Select(route => route.Template).ToList();

        Assert.All(NavigationItem.For(Sessions.Of(Sessions.Tenant())), item => Assert.Contains(item.Href, routes));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void The_ribbon_is_there_in_the_sandbox_only(bool sandbox, int ribbons)
    {
        Use(Sessions.Of(Sessions.Tenant()), sandbox);

        Assert.Equal(ribbons, Render<SandboxRibbon>().FindAll(".ribbon").Count);
    }

    private void Use(CurrentTenant session, bool sandbox)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var settings = new Dictionary<string, string?>
        {
            ["Stripe:SecretKey"] = sandbox ? "sk_test_sandbox" : "sk_live_x",
            ["Stripe:ApiBase"] = "http://127.0.0.1:5081/stripe",
        };
        Services.AddRadzenComponents();
        Services.AddSingleton(new SandboxNotice(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
        Services.AddScoped(_ => session);
    }
}
