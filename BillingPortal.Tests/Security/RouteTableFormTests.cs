using System.Net;
using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Security;

/// <summary>Whatever takes a form outside <c>/api</c> wants the form's own token, page or endpoint, today's and those to come.</summary>
public sealed class RouteTableFormTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task A_form_without_its_token_changes_nothing_anywhere()
    {
        var email = $"{Ids.New():N}@portal.example";
        await portal.TenantService.AddStaffAsync(new NewPerson(email, "Lea Lead", PortalHost.Password), StaffRole.Lead);
        HttpClient[] callers =
            [portal.Browser(), await portal.SignedInAsync(await portal.TenantAsync(), MemberRole.Owner), await portal.SignedInAsync(email)];
        var paths = Paths();

        Assert.True(paths.Count > 40);
        foreach (var path in paths)
        {
            foreach (var caller in callers)
            {
                using var form = new FormUrlEncodedContent([new("_handler", "forged")]);
                using var answer = await caller.PostAsync(path, form);
                var isSentToSignIn = $"{answer.Headers.Location}".Contains("/sign-in?returnUrl=", StringComparison.Ordinal);
                Assert.True(
                    isSentToSignIn || answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden,
                    $"{path} answered {(int)answer.StatusCode}.");
            }
        }
    }

    private List<string> Paths() =>
    [
        .. from endpoint in portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") is true
           let path = "/" + endpoint.RoutePattern.RawText!.Trim('/')
           where !path.StartsWith("/_", StringComparison.Ordinal) && !path.StartsWith("/api/", StringComparison.Ordinal)
               && !path.Contains("**", StringComparison.Ordinal)
           select string.Join('/', path.Split('/').Select(part =>
               !part.StartsWith('{') ? part : part.Contains(":int", StringComparison.Ordinal) ? "404" : Ids.New().ToString())),
    ];
}
