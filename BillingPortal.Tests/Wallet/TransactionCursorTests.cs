using System.Text;
using BillingPortal.Kernel;
using BillingPortal.Wallet;
using Microsoft.AspNetCore.WebUtilities;

namespace BillingPortal.Tests.Wallet;

public sealed class TransactionCursorTests
{
    [Fact]
    public void A_cursor_survives_the_trip_to_the_client_and_back()
    {
        var cursor = new TransactionCursor(Unit.Usd, long.MaxValue);

        Assert.Equal(cursor, TransactionCursor.Parse(cursor.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1:credits:5")]
    [InlineData("1:credits:0")]
    [InlineData("1:credits:-5")]
    [InlineData("1:credits:+5")]
    [InlineData("1:credits:99999999999999999999")]
    [InlineData("1:points:5")]
    [InlineData("2:credits:5")]
    [InlineData("1:credits")]
    public void Anything_else_is_not_a_cursor(string forged)
    {
        Assert.Null(TransactionCursor.Parse(forged));
        if (forged != "1:credits:5")
        {
            Assert.Null(TransactionCursor.Parse(WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(forged))));
        }
    }

    [Fact]
    public void A_cursor_as_long_as_a_letter_is_refused_unread() =>
        Assert.Null(TransactionCursor.Parse(new string('A', 10_000)));
}
