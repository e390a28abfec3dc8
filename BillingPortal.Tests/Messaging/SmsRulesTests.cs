using BillingPortal.Messaging;

namespace BillingPortal.Tests.Messaging;

/// <summary>Numbers, countries, keywords and states, without any row.</summary>
public sealed class SmsRulesTests
{
    [Theory]
    [InlineData("+1 (415) 555-0123", "+14155550123")]
    [InlineData("001 415 555 0123", "+14155550123")]
    [InlineData(" +49 171/123 45-67 ", "+491711234567")]
    [InlineData("\u202a+44\u00a020\u20117946 0000\u202c", "+442079460000")]
    [InlineData("+4 4 2 0 7 9 4 6 0 0 0 0", "+442079460000")]
    [InlineData("4155550123", null)]
    [InlineData("+0155550123", null)]
    [InlineData("+14155550123x", null)]
    [InlineData("+1415555012", null)]
    [InlineData("+141555501234", null)]
    [InlineData("+10155550123", null)]
    [InlineData("+14151550123", null)]
    [InlineData("++14155550123", null)]
    [InlineData("1+4155550123", null)]
    [InlineData("+1234567", null)]
    [InlineData("+4912345678901234", null)]
    [InlineData("+١٢٣٤٥٦٧٨٩٠", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Numbers_are_read_as_people_write_them(string? text, string? number) =>
        Assert.Equal(number, E164.Normalize(text));

    [Theory]
    [InlineData("+14155550123", "US")]
    [InlineData("+15005550001", "US")]
    [InlineData("+14165550123", "CA")]
    [InlineData("+16045550123", "CA")]
    [InlineData("+18765550123", "JM")]
    [InlineData("+17875550123", "PR")]
    [InlineData("+18095550123", "DO")]
    [InlineData("+18005550123", "ZZ")]
    [InlineData("+442079460000", "GB")]
    [InlineData("+441534123456", "JE")]
    [InlineData("+77011234567", "KZ")]
    [InlineData("+79161234567", "RU")]
    [InlineData("+390612345678", "IT")]
    [InlineData("+37912345678", "VA")]
    [InlineData("+59991234567", "CW")]
    [InlineData("+262639123456", "YT")]
    [InlineData("+870123456789", "ZZ")]
    [InlineData("MyBank", "ZZ")]
    [InlineData("12345", "ZZ")]
    public void A_number_belongs_to_the_country_of_its_longest_prefix(string number, string country) =>
        Assert.Equal(country, CountryPrefixes.CountryOf(number));

    [Fact]
    public void The_table_knows_some_two_hundred_and_thirty_countries_by_two_letters()
    {
        Assert.InRange(CountryPrefixes.Countries.Count, 225, 250);
        Assert.All(CountryPrefixes.Countries, code => Assert.Matches("^[A-Z]{2}$", code));
    }

    [Theory]
    [InlineData("STOP", null, SmsKeyword.Stop)]
    [InlineData(" stop. ", null, SmsKeyword.Stop)]
    [InlineData("Stop All!", null, SmsKeyword.Stop)]
    [InlineData("opt-out", null, SmsKeyword.Stop)]
    [InlineData("Unsubscribe", null, SmsKeyword.Stop)]
    [InlineData("revoke", null, SmsKeyword.Stop)]
    [InlineData("Quit", null, SmsKeyword.Stop)]
    [InlineData("END", null, SmsKeyword.Stop)]
    [InlineData("cancel", null, SmsKeyword.Stop)]
    [InlineData("unstop", null, SmsKeyword.Start)]
    [InlineData("Yes!", null, SmsKeyword.Start)]
    [InlineData("info?", null, SmsKeyword.Help)]
    [InlineData("stop it", null, SmsKeyword.None)]
    [InlineData("yes please", null, SmsKeyword.None)]
    [InlineData("", null, SmsKeyword.None)]
    [InlineData("😀", null, SmsKeyword.None)]
    [InlineData("anything", "stop", SmsKeyword.Stop)]
    [InlineData("STOP", "HELP", SmsKeyword.Help)]
    [InlineData("STOP", "", SmsKeyword.Stop)]
    public void Keywords_are_the_word_alone_and_the_providers_verdict_wins(
        string body, string? optOutType, SmsKeyword keyword) =>
        Assert.Equal(keyword, SmsKeywords.Read(body, optOutType));

    // Whatever order the news come in, the highest rank wins and the first end stays.
    [Fact]
    public void States_move_forward_only_and_never_out_of_an_end()
    {
        SmsState[] all = Enum.GetValues<SmsState>();
        foreach (var from in all)
        {
            Assert.False(SmsStatePolicy.Moves(from, from));
            foreach (var to in all)
            {
                Assert.False(SmsStatePolicy.Moves(from, to) && SmsStatePolicy.Moves(to, from), $"{from} and {to}");
                Assert.False(from.IsFinal() && SmsStatePolicy.Moves(from, to), $"{from} to {to}");
            }
        }

        Assert.True(SmsStatePolicy.Moves(SmsState.Recorded, SmsState.Delivered));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(30003)]
    [InlineData(99999)]
    public void Every_error_has_words_that_say_what_to_do(int? code) =>
        Assert.Matches(@"\. .+\.|\..*;.+\.", SmsErrorText.Of(code));
}
