using BillingPortal.Support;

namespace BillingPortal.Tests.Desk;

/// <summary>What somebody has typed is recognised by its shape.</summary>
public sealed class SearchTermTests
{
    [Theory]
    [InlineData("acme", SearchKind.Words, "acme")]
    [InlineData("ac\0me\n", SearchKind.Words, "acme")]
    [InlineData(" Acme Voice ", SearchKind.Words, "Acme Voice")]
    [InlineData("ann@acme.example", SearchKind.Email, "ANN@ACME.EXAMPLE")]
    [InlineData("+1 (415) 555-0100", SearchKind.Phone, "+14155550100")]
    [InlineData("0049 30 123456", SearchKind.Phone, "+4930123456")]
    [InlineData("415.555.0100", SearchKind.Phone, "+4155550100")]
    [InlineData("cus_Abc", SearchKind.Customer, "cus_Abc")]
    [InlineData("pi_3Abc_secret_xyz", SearchKind.PaymentIntent, "pi_3Abc")]
    [InlineData("pm_1Abc", SearchKind.PaymentMethod, "pm_1Abc")]
    [InlineData("re_1Abc", SearchKind.Refund, "re_1Abc")]
    [InlineData("SM0123456789ABCDEF0123456789abcdef", SearchKind.Message, "SM0123456789abcdef0123456789abcdef")]
    [InlineData("CA0123456789abcdef0123456789abcdef", SearchKind.Call, "CA0123456789abcdef0123456789abcdef")]
    [InlineData("r-261120-0a1b2c3d", SearchKind.PurchaseNumber, "R-261120-0A1B2C3D")]
    [InlineData("bp-2026-000017", SearchKind.Receipt, "BP-2026-000017")]
    [InlineData("01927e3c-5b7a-7c00-8000-000000000001", SearchKind.Id, "01927e3c-5b7a-7c00-8000-000000000001")]
    [InlineData("2026-11-20", SearchKind.Phone, "+20261120")] // a day is nothing that a tenant is found by
    public void Its_shape_says_what_it_is(string typed, SearchKind kind, string value) =>
        Assert.Equal(new SearchTerm(kind, value), SearchTerm.Parse(typed));

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("\0")]
    public void Nothing_is_nothing(string? typed) => Assert.Null(SearchTerm.Parse(typed));

    [Theory]
    [InlineData("Acme voi", "acme:* & voi:*")]
    [InlineData("O'Neil & Söhne", "o:* & neil:* & söhne:*")]
    [InlineData("'; DROP --", "drop:*")]
    [InlineData("!!", null)]
    public void Words_become_a_search_that_no_sign_can_break(string words, string? query) =>
        Assert.Equal(query, SearchTerm.TextQuery(words));
}
