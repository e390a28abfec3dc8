using BillingPortal.Kernel;
using BillingPortal.Tenants;
using BillingPortal.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>Long passwords that are easy to guess.</summary>
public sealed class PasswordWordsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("ababababababab")]
    [InlineData("123456789012")]
    [InlineData("qwertyuiopas")]
    [InlineData("zyxwvutsrqpo")]
    [InlineData("Password1234")]
    [InlineData("BillingPortal1!")]
    [InlineData("ann.meyer@tests.example")]
    [InlineData("AnnMeyer2026")]
    public async Task It_is_refused_in_words(string password)
    {
        var result = await JudgeAsync(password);

        Assert.False(result.Succeeded);
        Assert.Contains("words", result.Errors.Single().Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("four words are enough")]
    [InlineData("sandbox-Passw0rd")]
    [InlineData("billingportal is not my only word")]
    public async Task Words_that_belong_to_nothing_are_taken(string password) => Assert.True((await JudgeAsync(password)).Succeeded);

    private async Task<IdentityResult> JudgeAsync(string password)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { Id = Ids.New(), Email = "ann.meyer@tests.example", Name = "Ann Meyer", CreatedAt = default };
        var results = await Task.WhenAll(users.PasswordValidators.Select(one => one.ValidateAsync(users, user, password)));
        return results.FirstOrDefault(one => !one.Succeeded) ?? IdentityResult.Success;
    }
}
