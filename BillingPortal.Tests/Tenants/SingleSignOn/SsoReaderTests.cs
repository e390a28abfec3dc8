using System.Net;
using BillingPortal.Tenants.SingleSignOn;
using BillingPortal.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants.SingleSignOn;

/// <summary>Short names that nobody can have.</summary>
public sealed class SsoReaderTests(SsoPortal portal) : IClassFixture<SsoPortal>
{
    [Fact]
    public async Task A_short_name_that_postgresql_cannot_hold_leads_nowhere()
    {
        Assert.Null(await portal.Services.GetRequiredService<SsoReader>().BySlugAsync("ac\0me"));
        using var browser = portal.Browser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/sign-in/sso?tenant=%00")).StatusCode);
    }
}
