using BillingPortal.Messaging;

namespace BillingPortal.Tests.Messaging;

public sealed class SmsSegmentsTests
{
    private const string Gsm7Letters =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
        + "abcdefghijklmnopqrstuvwxyzäöñüà";

    [Fact]
    public void The_alphabet_has_127_letters_of_one_place_and_ten_of_two()
    {
        Assert.Equal(127, Gsm7Letters.Distinct().Count());
        Assert.All(Gsm7Letters, letter => Assert.Equal(1, SmsSegments.Measure(letter.ToString()).Places));
        Assert.All("\f^{}\\[~]|€", letter => Assert.Equal(2, SmsSegments.Measure(letter.ToString()).Places));
    }

    [Fact]
    public void Every_other_character_of_the_basic_plane_is_ucs_2()
    {
        var known = (Gsm7Letters + "\f^{}\\[~]|€").ToHashSet();
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var shape = SmsSegments.Measure(((char)code).ToString());
            Assert.Equal(known.Contains((char)code) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2, shape.Encoding);
            Assert.Equal(shape.Encoding is SmsEncoding.Ucs2 ? 1 : 0, shape.Specials.Count);
        }
    }

    [Fact]
    public void Every_suggestion_is_itself_without_special_characters()
    {
        for (var code = 0; code <= 0x1FFFF; code++)
        {
            var text = code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code);
            Assert.All(SmsSegments.Measure(text).Specials, special =>
                Assert.Empty(SmsSegments.Measure(special.Suggestion ?? "").Specials));
        }
    }

    [Theory]
    [InlineData(0, 0, 160)]
    [InlineData(1, 1, 159)]
    [InlineData(160, 1, 0)]
    [InlineData(161, 2, 145)]
    [InlineData(306, 2, 0)]
    [InlineData(307, 3, 152)]
    [InlineData(459, 3, 0)]
    [InlineData(460, 4, 152)]
    [InlineData(1530, 10, 0)]
    [InlineData(1531, 11, 152)]
    public void Gsm_7_is_160_alone_and_153_in_each_of_several(int letters, int segments, int left)
    {
        var shape = SmsSegments.Measure(new string('a', letters));

        Assert.Equal((SmsEncoding.Gsm7, segments, left), (shape.Encoding, shape.Segments, shape.PlacesLeft));
    }

    [Theory]
    [InlineData(1, 1, 69)]
    [InlineData(70, 1, 0)]
    [InlineData(71, 2, 63)]
    [InlineData(134, 2, 0)]
    [InlineData(135, 3, 66)]
    [InlineData(201, 3, 0)]
    [InlineData(202, 4, 66)]
    public void Ucs_2_is_70_alone_and_67_in_each_of_several(int letters, int segments, int left)
    {
        var shape = SmsSegments.Measure(new string('ж', letters));

        Assert.Equal((SmsEncoding.Ucs2, segments, left), (shape.Encoding, shape.Segments, shape.PlacesLeft));
    }

    [Fact]
    public void An_escape_is_never_parted_from_its_character()
    {
        // Place 153 would be the escape of the bracket: the bracket opens the second segment whole.
        var shape = SmsSegments.Measure(new string('a', 152) + "[" + new string('b', 10));

        Assert.Equal([0, 152], shape.Starts);
        Assert.Equal((164, 153 - 12), (shape.Places, shape.PlacesLeft));
    }

    [Fact]
    public void Brackets_alone_fit_76_into_a_segment_of_several()
    {
        Assert.Equal(1, SmsSegments.Measure(new string('[', 80)).Segments);
        Assert.Equal([0, 76], SmsSegments.Measure(new string('[', 81)).Starts);
        Assert.Equal([0, 76, 152], SmsSegments.Measure(new string('[', 153)).Starts);
    }

    [Fact]
    public void The_halves_of_an_emoji_are_never_parted()
    {
        var shape = SmsSegments.Measure(new string('a', 66) + "😀" + new string('b', 10));

        Assert.Equal([0, 66], shape.Starts);
        Assert.Equal(67 - 12, shape.PlacesLeft);
    }

    [Fact]
    public void Thirty_five_emoji_are_one_segment_and_thirty_six_are_two()
    {
        Assert.Equal(1, Emoji(35).Segments);
        Assert.Equal([0, 66], Emoji(36).Starts); // 33 in each: the 67th place stays empty
        Assert.Equal([0, 66, 132], Emoji(67).Starts);
    }

    [Theory]
    [InlineData(new[] { 0xD83D })]
    [InlineData(new[] { 0xDE00 })]
    [InlineData(new[] { 0xDE00, 0xD83D })]
    public void A_lone_surrogate_takes_a_place_and_is_better_left_out(int[] units)
    {
        var halves = string.Concat(units.Select(unit => (char)unit)); // as numbers: attributes cannot hold such texts
        var shape = SmsSegments.Measure("a" + halves);

        Assert.Equal((SmsEncoding.Ucs2, 1 + halves.Length), (shape.Encoding, shape.Places));
        Assert.All(shape.Specials, special => Assert.Equal("", special.Suggestion));
        Assert.Equal("a", SmsSegments.ReplaceAll("a" + halves, shape.Specials));
    }

    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("n\u0303", "ñ")]
    [InlineData("o\u0301", "o")]
    [InlineData("a\u0301\u0323", "a")]
    [InlineData("ọ\u0308", "o")]
    public void A_mark_belongs_to_its_letter(string letter, string suggestion)
    {
        var special = Assert.Single(SmsSegments.Measure("x" + letter + "y").Specials);

        Assert.Equal(new SmsSpecial(1, letter, suggestion), special);
    }

    [Theory]
    [InlineData("’", "'")]
    [InlineData("“", "\"")]
    [InlineData("–", "-")]
    [InlineData("—", "-")]
    [InlineData("…", "...")]
    [InlineData("\u00A0", " ")]
    [InlineData("\u202F", " ")]
    [InlineData("\t", " ")]
    [InlineData("\u2028", "\n")]
    [InlineData("\u200B", "")]
    [InlineData("\u200F", "")]
    [InlineData("\uFEFF", "")]
    [InlineData("\u0007", "")]
    [InlineData("á", "a")]
    [InlineData("ç", "c")]
    [InlineData("ê", "e")]
    [InlineData("Ł", "L")]
    [InlineData("œ", "oe")]
    [InlineData("½", "1/2")]
    [InlineData("²", "2")]
    [InlineData("Ａ", "A")]
    [InlineData("ﬁ", "fi")]
    [InlineData("Α", "A")] // Greek
    [InlineData("`", "'")]
    [InlineData("😀", null)]
    [InlineData("👨‍👩‍👧‍👦", null)]
    [InlineData("❤️", null)]
    [InlineData("ж", null)]
    [InlineData("字", null)]
    [InlineData("₹", null)]
    public void A_special_character_has_a_plain_stand_in_where_one_says_the_same(string letter, string? suggestion)
    {
        var special = Assert.Single(SmsSegments.Measure(letter).Specials);

        Assert.Equal(suggestion, special.Suggestion);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("Ñ")]
    [InlineData("€")]
    [InlineData("Σ")]
    public void A_letter_that_gsm_7_has_is_not_special(string letter) =>
        Assert.Empty(SmsSegments.Measure(letter).Specials);

    [Fact]
    public void One_special_character_is_named_with_its_place_and_replacing_it_saves_segments()
    {
        var text = "Your table is booked. We look forward to seeing you at 7 pm, and don’t forget: Friday is fish day!";

        var shape = SmsSegments.Measure(text);
        var plain = SmsSegments.ReplaceAll(text, shape.Specials);

        var expected = new SmsSpecial(text.IndexOf('’', StringComparison.Ordinal), "’", "'");
        Assert.Equal(expected, Assert.Single(shape.Specials));
        Assert.Equal((2, 1), (shape.Segments, SmsSegments.Measure(plain).Segments));
        Assert.Contains("don't forget", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Replacing_leaves_alone_what_nothing_stands_in_for()
    {
        const string text = "“Hi” 😀 — it’s me…";

        Assert.Equal("\"Hi\" 😀 - it's me...", SmsSegments.ReplaceAll(text, SmsSegments.Measure(text).Specials));
    }

    [Fact]
    public void A_text_has_at_most_1600_characters_and_each_half_of_an_emoji_counts()
    {
        Assert.False(SmsSegments.Measure(new string('a', 1600)).IsTooLong);
        Assert.True(SmsSegments.Measure(new string('a', 1601)).IsTooLong);
        Assert.False(Emoji(800).IsTooLong);
        Assert.True(Emoji(801).IsTooLong);
        Assert.Equal(11, SmsSegments.Measure(new string('a', 1600)).Segments);
        Assert.Equal(24, SmsSegments.Measure(new string('ж', 1600)).Segments);
    }

    // Whatever the text: segments begin at whole characters, none holds more than it can, and together they are the text.
    [Fact]
    public void Segments_of_any_text_hold_what_they_can_and_no_more()
    {
        var random = new Random(20261120);
        string[] alphabet = ["a", "[", "€", "\n", "ж", "😀", "e\u0301", "\uD83D", "\uDE00", "👨‍👩‍👧", "’", " "];
        for (var round = 0; round < 2_000; round++)
        {
            var letters = random.Next(1, alphabet.Length + 1);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 500)).Select(_ => alphabet[random.Next(letters)]));
            AssertWhole(text, SmsSegments.Measure(text));
        }
    }

    private static void AssertWhole(string text, SmsShape shape)
    {
        var capacity = (shape.Encoding, shape.Segments) switch
        {
            (SmsEncoding.Gsm7, 1) => 160,
            (SmsEncoding.Gsm7, _) => 153,
            (_, 1) => 70,
            _ => 67,
        };
        var ends = shape.Starts.Skip(1).Append(text.Length).ToList();
        for (var i = 0; i < shape.Segments; i++)
        {
            var segment = text[shape.Starts[i]..ends[i]];
            var places = shape.Encoding is SmsEncoding.Ucs2 ? segment.Length
                : segment.Sum(letter => "\f^{}\\[~]|€".Contains(letter, StringComparison.Ordinal) ? 2 : 1);
            Assert.InRange(places, i == shape.Segments - 1 ? 1 : capacity - 1, capacity);
            Assert.False(ends[i] < text.Length && char.IsSurrogatePair(text[ends[i] - 1], text[ends[i]]));
        }

        Assert.Equal(string.Concat(shape.Specials.Select(special => special.Text)),
            string.Concat(shape.Specials.Select(special => text[special.Start..special.End])));
        Assert.Equal(ends[^1], text.Length);
    }

    private static SmsShape Emoji(int count) =>
        SmsSegments.Measure(string.Concat(Enumerable.Repeat("😀", count)));
}
