using BillingPortal.Tenants;
using BillingPortal.Tests.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BillingPortal.Tests.Tenants;

/// <summary>What a password's hash costs.</summary>
public sealed class PasswordHashTests(SecurePortal portal) : IClassFixture<SecurePortal>
{
    // The format's bytes 5 to 8 are its rounds; 2 of bytes 1 to 4 is HMAC-SHA512.
    [Fact]
    public void A_password_is_hashed_210000_times_with_HMAC_SHA512()
    {
        var hasher = portal.Services.CreateScope().ServiceProvider.GetRequiredService<IPasswordHasher<User>>();
        var hash = Convert.FromBase64String(hasher.HashPassword(null!, "four words are enough"));

        Assert.Equal(210_000, (hash[5] << 24) | (hash[6] << 16) | (hash[7] << 8) | hash[8]);
        Assert.Equal(2, hash[4]);
    }
}
