using BillingPortal.Tenants.SignIn;

namespace BillingPortal.Tests.Tenants;

/// <summary>After signing in nobody is sent to another site.</summary>
public sealed class ReturnAddressTests
{
    [Theory]
    [InlineData("/buy", "/buy")]
    [InlineData("/transactions?kind=usage", "/transactions?kind=usage")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/sign-out", "/")]
    [InlineData("/sign-in?returnUrl=/x", "/")]
    public void Only_local_addresses_are_returned_to(string? address, string expected) =>
        Assert.Equal(expected, ReturnAddress.Of(address, "/"));
}
